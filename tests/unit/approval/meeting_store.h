// A store whose nodes meet right before each first takes a use of a grant: all have seen it free by then. Races that are left to chance hardly ever
// happen on a machine with two processors.
#pragma once

#include <barrier>
#include <mutex>
#include <set>
#include <thread>

#include "runtime/approval/approval_store.h"

namespace remit::approval {

class MeetingStore final : public ApprovalStore {
 public:
  // `nodes`: threads that take a use; each must take exactly one first.
  MeetingStore(ApprovalStore& store, int nodes) : store_(store), meeting_(nodes) {}

  auto Get(std::string_view key) -> Expected<std::optional<std::string>> override { return store_.Get(key); }
  auto CompareAndSet(std::string_view key, std::optional<std::string_view> expected, std::optional<std::string_view> value,
                     int64_t keep_until_ms) -> Expected<bool> override {
    if (key.starts_with("use/") && IsFirst()) meeting_.arrive_and_wait();
    return store_.CompareAndSet(key, expected, value, keep_until_ms);
  }
  auto List(std::string_view prefix, size_t limit) -> Expected<std::vector<std::pair<std::string, std::string>>> override {
    return store_.List(prefix, limit);
  }
  auto Forget(int64_t now_ms) -> Expected<void> override { return store_.Forget(now_ms); }

 private:
  auto IsFirst() -> bool {
    const std::lock_guard lock(mutex_);
    return seen_.insert(std::this_thread::get_id()).second;
  }

  ApprovalStore& store_;
  std::barrier<> meeting_;
  std::mutex mutex_;
  std::set<std::thread::id> seen_;
};

}  // namespace remit::approval
