#include "runtime/approval/memory_store.h"

namespace remit::approval {

auto StoreFull() -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "approval-store-full",
                               .message = "there is no room for more approvals",
                               .pointer = {},
                               .help = "tickets and used grants are forgotten once they have expired"});
}

auto MemoryStore::Get(std::string_view key) -> Expected<std::optional<std::string>> {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  if (found == entries_.end()) return std::nullopt;
  return found->second.value;
}

auto MemoryStore::Erase(Entries::iterator at) -> Entries::iterator {
  bytes_ -= at->first.size() + at->second.value.size();
  return entries_.erase(at);
}

auto MemoryStore::CompareAndSet(std::string_view key, std::optional<std::string_view> expected, std::optional<std::string_view> value,
                                int64_t keep_until_ms) -> Expected<bool> {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(key);
  const bool is_there = found != entries_.end();
  if (is_there != expected.has_value() || (is_there && found->second.value != *expected)) return false;
  if (value) {
    const size_t before = is_there ? key.size() + found->second.value.size() : 0;
    const size_t bytes = bytes_ - before + key.size() + value->size();
    if (bytes > limits_.max_bytes || (!is_there && entries_.size() >= limits_.max_entries)) {
      return StoreFull();
    }
    bytes_ = bytes;
    entries_.insert_or_assign(std::string(key), Entry{.value = std::string(*value), .keep_until_ms = keep_until_ms});
  } else if (is_there) {
    Erase(found);
  }
  return true;
}

auto MemoryStore::List(std::string_view prefix, size_t limit) -> Expected<std::vector<std::pair<std::string, std::string>>> {
  const std::lock_guard lock(mutex_);
  std::vector<std::pair<std::string, std::string>> found;
  for (auto at = entries_.lower_bound(prefix); at != entries_.end() && at->first.starts_with(prefix) && found.size() < limit; ++at) {
    found.emplace_back(at->first, at->second.value);
  }
  return found;
}

auto MemoryStore::Forget(int64_t now_ms) -> Expected<void> {
  const std::lock_guard lock(mutex_);
  for (auto at = entries_.begin(); at != entries_.end();) at = at->second.keep_until_ms <= now_ms ? Erase(at) : std::next(at);
  return {};
}

}  // namespace remit::approval
