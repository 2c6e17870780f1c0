// The quarantine in the rows of a store: every node on the store sees it within a poll, and it outlives them all.
//
// One row an entity, so that two nodes that stop different ones do not meet, and one row that every change writes, so that a poll is one read
// as long as nothing changed. One row with the whole list, the alternative, would be read and written whole by every change.
#pragma once

#include <mutex>

#include "runtime/ledger/quarantine.h"
#include "runtime/ledger/store.h"

namespace remit::ledger {

// Threads: any. A change holds on this node when it returns, and on others with their next `Poll`.
class StoredQuarantine {
 public:
  static constexpr size_t kMost = 100'000;  // entities
  static constexpr size_t kMostText = 4096;  // bytes of a reason, and of who

  // Borrows both. `store` may be null: then the list is this process's alone.
  StoredQuarantine(Quarantine& quarantine, Store* store) : quarantine_(quarantine), store_(store) {}

  // Takes what the store has, if it has changed. After an error the list is as it was: what was stopped stays so.
  auto Poll() -> Expected<void>;

  // False if the uid was there, or was not. Codes: those of the store, "quarantine-full", "quarantine-text" (too long), "store-busy".
  auto Add(const QuarantineEntry& entry) -> Expected<bool>;
  auto Remove(std::string_view type, std::string_view id) -> Expected<bool>;

 private:
  auto Change(const std::string& key, const std::optional<std::string>& value) -> Expected<bool>;
  auto Take(uint64_t version) -> Expected<void>;

  Quarantine& quarantine_;
  Store* const store_;
  std::mutex mutex_;  // of what follows, and held while the list is replaced
  uint64_t version_ = 0;  // of the row that every change writes, as it was when the list was taken
};

}  // namespace remit::ledger
