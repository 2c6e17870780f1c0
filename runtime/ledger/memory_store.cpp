#include "runtime/ledger/store.h"

namespace remit::ledger {

auto MemoryStore::Get(std::span<const std::string> keys) -> Expected<std::vector<StoredRow>> {
  const std::lock_guard lock(mutex_);
  std::vector<StoredRow> rows;
  rows.reserve(keys.size());
  for (const std::string& key : keys) {
    const auto found = rows_.find(key);
    rows.push_back(found == rows_.end() ? StoredRow{.key = key, .value = {}}
                                        : StoredRow{.key = key, .value = found->second.value, .version = found->second.version});
  }
  return rows;
}

auto MemoryStore::Commit(std::span<const RowCheck> checks, std::span<const RowWrite> writes) -> Expected<uint64_t> {
  const std::lock_guard lock(mutex_);
  for (const RowCheck& check : checks) {
    const auto found = rows_.find(check.key);
    if ((found == rows_.end() ? 0 : found->second.version) != check.version) return 0;
  }
  const uint64_t version = ++last_version_;
  for (const RowWrite& write : writes) {
    if (write.value) {
      rows_.insert_or_assign(write.key, Row{.value = *write.value, .version = version});
    } else {
      rows_.erase(write.key);
    }
  }
  return version;
}

auto MemoryStore::Scan(std::string_view prefix, std::string_view after, size_t limit) -> Expected<std::vector<StoredRow>> {
  const std::lock_guard lock(mutex_);
  std::vector<StoredRow> rows;
  for (auto row = rows_.lower_bound(std::max(prefix, after)); row != rows_.end() && row->first.starts_with(prefix) && rows.size() < limit;
       ++row) {
    if (row->first > after) rows.push_back({.key = row->first, .value = row->second.value, .version = row->second.version});
  }
  return rows;
}

}  // namespace remit::ledger
