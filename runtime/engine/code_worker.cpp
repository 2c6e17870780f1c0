#include "runtime/engine/code_worker.h"

namespace remit {

CodeWorker::CodeWorker() : thread_([this] { Run(); }) {}

CodeWorker::~CodeWorker() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void CodeWorker::Add(std::function<void()> job) {
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
  }
  changed_.notify_all();
}

void CodeWorker::Wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return jobs_.empty() && !is_busy_; });
}

void CodeWorker::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return is_over_ || !jobs_.empty(); });
    if (is_over_) return;
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    is_busy_ = true;
    lock.unlock();
    job();
    job = nullptr;  // what it owned goes before it counts as done
    lock.lock();
    is_busy_ = false;
    changed_.notify_all();
  }
}

}  // namespace remit
