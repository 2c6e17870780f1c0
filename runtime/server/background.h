// Threads for what may wait: stores that must be durable, compilers, files. Each has a worker of its own.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "runtime/server/worker.h"

namespace remit::server {

class Background {
 public:
  using Job = std::function<void(Worker&)>;

  Background(Service& service, uint32_t threads, size_t max_waiting);
  // Jobs that were taken are done first.
  ~Background();
  Background(const Background&) = delete;
  auto operator=(const Background&) -> Background& = delete;

  // False: too many wait already.
  auto Add(Job job) -> bool;

 private:
  void Run();

  Service& service_;
  const size_t max_waiting_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Job> jobs_;
  bool is_over_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace remit::server
