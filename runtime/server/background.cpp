#include "runtime/server/background.h"

namespace remit::server {

Background::Background(Service& service, uint32_t threads, size_t max_waiting) : service_(service), max_waiting_(max_waiting) {
  for (uint32_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Run(); });
}

Background::~Background() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

auto Background::Add(Job job) -> bool {
  {
    const std::lock_guard lock(mutex_);
    if (is_over_ || jobs_.size() >= max_waiting_) return false;
    jobs_.push_back(std::move(job));
  }
  changed_.notify_one();
  return true;
}

void Background::Run() {
  Worker worker(service_);
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return is_over_ || !jobs_.empty(); });
    if (jobs_.empty()) return;
    const Job job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job(worker);
    worker.Release();
    lock.lock();
  }
}

}  // namespace remit::server
