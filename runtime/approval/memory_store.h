// Approvals of one process: for tests, `test` statements and engines without a store.
#pragma once

#include <map>
#include <mutex>

#include "runtime/approval/approval_store.h"

namespace remit::approval {

class MemoryStore final : public ApprovalStore {
 public:
  explicit MemoryStore(StoreLimits limits = {}) : limits_(limits) {}

  auto Get(std::string_view key) -> Expected<std::optional<std::string>> override;
  auto CompareAndSet(std::string_view key, std::optional<std::string_view> expected, std::optional<std::string_view> value,
                     int64_t keep_until_ms) -> Expected<bool> override;
  auto List(std::string_view prefix, size_t limit) -> Expected<std::vector<std::pair<std::string, std::string>>> override;
  auto Forget(int64_t now_ms) -> Expected<void> override;

 private:
  struct Entry {
    std::string value;
    int64_t keep_until_ms = 0;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  auto Erase(Entries::iterator at) -> Entries::iterator;

  const StoreLimits limits_;
  std::mutex mutex_;
  Entries entries_;
  size_t bytes_ = 0;
};

}  // namespace remit::approval
