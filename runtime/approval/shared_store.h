// Approvals in the store where the ledgers meet: one file with SQLite, one server with Redis, for as many nodes as there are.
//
// The store has rows of bytes with versions; compare-and-set is a read and a commit that names the version. How many rows and bytes there are
// is a row, too, changed in the same commit: tickets are opened at the pace of people, so that all nodes may well meet there.
#pragma once

#include <mutex>

#include "runtime/approval/approval_store.h"
#include "runtime/ledger/store.h"

namespace remit::approval {

class SharedStore final : public ApprovalStore {
 public:
  // Borrows the store, which may hold a ledger as well: keys here begin with `approval/`.
  explicit SharedStore(ledger::Store& store, StoreLimits limits = {}) : store_(store), limits_(limits) {}

  auto Get(std::string_view key) -> Expected<std::optional<std::string>> override;
  auto CompareAndSet(std::string_view key, std::optional<std::string_view> expected, std::optional<std::string_view> value,
                     int64_t keep_until_ms) -> Expected<bool> override;
  auto List(std::string_view prefix, size_t limit) -> Expected<std::vector<std::pair<std::string, std::string>>> override;
  // A page of rows a call: the next call goes on where this one ended.
  auto Forget(int64_t now_ms) -> Expected<void> override;

 private:
  ledger::Store& store_;
  const StoreLimits limits_;
  std::mutex mutex_;
  std::string forgotten_to_;
};

}  // namespace remit::approval
