// Where ledgers keep what must survive them, and where several of them meet: rows of bytes, changed together or not at all.
//
// A change names the versions of the rows it was computed from and is refused if one of them moved: everything above (accounts, reservations,
// breakers, quarantine, redeemed grants) is written once, over this, and every store is a few dozen lines. Letting each store know what an
// account is (SQL here, Lua there), the alternative, would be three ledgers to keep alike.
//
// Threads: every store may be used from any thread.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/error.h"

namespace remit::ledger {

// A row that is not there has version 0. No version is used twice in a store, not even for a row that was deleted and came back.
struct StoredRow {
  std::string key;
  std::string value;
  uint64_t version = 0;
};

struct RowCheck {
  std::string key;
  uint64_t version = 0;
};

struct RowWrite {
  std::string key;
  std::optional<std::string> value = {};  // none: the row is deleted
};

// Errors have the code `store-away` (it cannot be reached, or did not answer: what was to be committed may be so or not) or `store-failed`.
class Store {
 public:
  virtual ~Store() = default;

  // The rows in the order of the keys, all of one instant.
  virtual auto Get(std::span<const std::string> keys) -> Expected<std::vector<StoredRow>> = 0;

  // All writes if all checks hold, durable when this returns: the version that the written rows have now. 0 if a check does not hold.
  virtual auto Commit(std::span<const RowCheck> checks, std::span<const RowWrite> writes) -> Expected<uint64_t> = 0;

  // Rows whose keys begin with `prefix` and come after `after`, sorted by key, at most `limit`.
  virtual auto Scan(std::string_view prefix, std::string_view after, size_t limit) -> Expected<std::vector<StoredRow>> = 0;
};

// For tests, `test` statements and ledgers that nobody misses. Several ledgers may share one.
class MemoryStore : public Store {
 public:
  auto Get(std::span<const std::string> keys) -> Expected<std::vector<StoredRow>> override;
  auto Commit(std::span<const RowCheck> checks, std::span<const RowWrite> writes) -> Expected<uint64_t> override;
  auto Scan(std::string_view prefix, std::string_view after, size_t limit) -> Expected<std::vector<StoredRow>> override;

 private:
  struct Row {
    std::string value;
    uint64_t version = 0;
  };

  std::mutex mutex_;
  std::map<std::string, Row, std::less<>> rows_;
  uint64_t last_version_ = 0;
};

}  // namespace remit::ledger
