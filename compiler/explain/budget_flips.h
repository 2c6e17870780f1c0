// What would have to be left of a budget, or its limit be, for the outcome to turn around.
//
// A ledger decides once; here it is decided again by what the ledger answered, with one number changed. Changing the ledger, or a copy of it, was the
// alternative: a change of use would have to be made of reservations, and is a number here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/explain/explain.h"
#include "compiler/explain/flips.h"

namespace remit::explain {

// What a ledger answered of one account. By names, for the program that was decided by is another one.
struct BudgetReading {
  std::string name;
  std::string key;
  int64_t charge = 0;
  int64_t limit = 0;
  int64_t used = 0;
};
struct BreakerReading {
  std::string name;
  std::string key;
  bool is_open = false;
};

struct LedgerReadings {
  std::vector<BudgetReading> budgets;
  std::vector<BreakerReading> breakers;
  std::vector<std::string> lifted;  // statements that a presented approval covers
  Outcome outcome = Outcome::Deny;  // what was decided by them
};

// At most one change of use and one of the limit for each budget: the smallest that does. Appends to `flips`, and counts there.
void FindBudgetFlips(const ExplainInput& input, std::string_view request, const LedgerReadings& readings, Flips& flips);

}  // namespace remit::explain
