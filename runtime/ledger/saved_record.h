// A reservation as its row in the store has it: names and keys instead of places in memory.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/ledger/reservations.h"

namespace remit::ledger {

struct SavedLine {
  Claim claim;  // only what makes the identity; borrows from the row
  Line line;    // without slot and name
};

struct SavedBreakerLine {
  BreakerClaim claim;
  BreakerLine line;
};

struct SavedRecord {
  Record record;  // without lines
  std::vector<SavedLine> lines;
  std::vector<SavedBreakerLine> breakers;
};

auto ReservationKey(uint8_t shard, const RawId& id) -> std::string;
auto AccountKey(const Identity& identity) -> std::string;
auto BreakerKey(const Identity& identity) -> std::string;
// Of the key of an account or a breaker. Borrows from it.
auto IdentityOfKey(std::string_view key) -> std::optional<Identity>;
auto RequestKey(std::string_view request_id) -> std::string;

// With the record's accounts locked.
auto SaveRecord(const Record& record) -> std::string;
// Nothing if it is no such row. Borrows from `row`.
auto LoadRecord(std::string_view row) -> std::optional<SavedRecord>;

auto SaveAccount(const Account& account) -> std::string;
auto LoadAccount(std::string_view row, Account& account) -> bool;
// Of the row of an account, without looking at the rest; 0 if it has none.
auto RecalledUntil(std::string_view row) -> int64_t;
// As if it had never been used.
void ClearAccount(Account& account);

auto SaveBreaker(const BreakerAccount& account) -> std::string;
auto LoadBreaker(std::string_view row, BreakerAccount& account) -> bool;
void ClearBreaker(BreakerAccount& account);

}  // namespace remit::ledger
