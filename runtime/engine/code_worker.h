// A thread that compiles while others decide.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace remit {

class CodeWorker {
 public:
  CodeWorker();
  // Jobs that have not begun are dropped.
  ~CodeWorker();
  CodeWorker(const CodeWorker&) = delete;
  auto operator=(const CodeWorker&) -> CodeWorker& = delete;

  // Jobs run in the order given. They own what they touch.
  void Add(std::function<void()> job);
  // Until no job is left.
  void Wait();

 private:
  void Run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
  bool is_busy_ = false;
  bool is_over_ = false;
  std::thread thread_;
};

}  // namespace remit
