// What policies can read of budgets and breakers, as the engines see it: known before the policies run, one entry for each budget and breaker of
// the program.
#pragma once

#include <array>
#include <span>

#include "runtime/ir/statements.h"
#include "runtime/value/value.h"

namespace remit {

struct BudgetState {
  bool applies = false;  // to this request; without it the values mean nothing
  std::array<Value, ir::kBudgetFields> values = {};  // by ir::BudgetField; longs or decimals
};

struct BreakerState {
  bool applies = false;
  bool is_open = false;
};

// Of a breaker's window, while its `trip` is evaluated.
struct TripCounts {
  int64_t calls = 0;
  int64_t failures = 0;
};

struct StateView {
  std::span<const BudgetState> budgets = {};  // parallel to the program's; empty: none applies
  std::span<const BreakerState> breakers = {};  // likewise
  const TripCounts* trip = nullptr;  // null: this is no `trip`
};

}  // namespace remit
