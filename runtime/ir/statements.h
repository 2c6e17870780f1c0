// What Remit's statements have besides the scope and the conditions that every row has: their clauses.
//
// Scopes and conditions are rows like those of `permit`, so that indexes, plans, native code and images serve them too; clauses stand in one table
// a kind beside the rows, ascending by row. Expressions of clauses are bodies that return a value; what must be written out (windows, durations,
// counts) is plain data. Members of the rows themselves, the alternative, would cost every one of a million Cedar links their size.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "runtime/base/interner.h"
#include "runtime/value/outcome.h"

namespace remit::ir {

// For a clause that is not there.
inline constexpr uint32_t kNoBody = UINT32_MAX;

// SHA-256 of a statement as it is printed: what approvals are bound to.
using TextDigest = std::array<uint8_t, 32>;

// What an approval lifts a cap for: this request, or this one with any context within one session.
enum class ApprovalScope : uint8_t { Exact, Session };

struct Approval {
  uint32_t by = kNoBody;  // returns a set of entities
  int64_t quorum = 1;
  int64_t expires = 0;  // milliseconds
  int64_t uses = 1;
  ApprovalScope scope = ApprovalScope::Exact;

  friend auto operator==(const Approval&, const Approval&) -> bool = default;
};

// `oblige` of a permit, an escalate or a restrict.
struct Obligation {
  uint32_t policy = 0;  // position in Program::policies, as in all of these
  uint32_t body = 0;  // returns a record
};

struct Escalation {
  uint32_t policy = 0;
  Approval approval = {};
  TextDigest text = {};
};

struct Restriction {
  uint32_t policy = 0;
  Outcome level = Outcome::Deny;  // below approve
};

// What an exhausted budget or an open breaker does. `Approve` asks for an approval.
struct Consequence {
  Outcome level = Outcome::Deny;
  Approval approval = {};  // of `Approve`
};

enum class WindowKind : uint8_t { Lifetime, Hour, Day, Week, Month, Sliding, Refill, Concurrent };

struct Window {
  WindowKind kind = WindowKind::Lifetime;
  SymbolId time_zone = {};  // Hour to Month; none: UTC
  int64_t duration = 0;  // Sliding and Refill: milliseconds
};

// What becomes of a reservation that is never settled.
enum class Unsettled : uint8_t { Charge, Release };

struct Budget {
  uint32_t policy = 0;
  SymbolId name = {};
  uint32_t rank = 0;  // above that of every budget and breaker whose state this one reads
  uint32_t charge = kNoBody;  // none: 1
  uint32_t limit = 0;
  std::vector<uint32_t> per = {};
  Window window = {};
  int64_t hold = 0;  // milliseconds; 0: the ledger's own
  Unsettled unsettled = Unsettled::Charge;
  Consequence exceeded = {};
  TextDigest text = {};
};

struct Breaker {
  uint32_t policy = 0;
  SymbolId name = {};
  uint32_t rank = 0;
  std::vector<uint32_t> per = {};
  uint32_t trip = 0;  // returns a bool; reads `calls` and `failures`
  int64_t within = 0;  // milliseconds, as is the next
  int64_t cooldown = 0;
  int64_t probe = 1;
  Consequence open = {};
  TextDigest text = {};
};

// What of a budget can be read, in the order of StateEntry's values (runtime/eval/state.h).
enum class BudgetField : uint8_t { Used, Charge, After, Limit, Remaining };
inline constexpr uint32_t kBudgetFields = 5;

}  // namespace remit::ir
