#include "runtime/eval/stateful_row.h"

#include <algorithm>
#include <utility>

namespace remit::eval {

auto ToStateful(const ir::Program& program, const ir::Variant& variant) -> StatefulRow {
  StatefulRow row = {.policy = variant.policy, .body = variant.body};
  row.is_unconditional = IsUnconditional(program.bodies[variant.body]);
  if (const auto* budget = ir::FindClauses(program.budgets, variant.policy)) {
    row.position = static_cast<uint32_t>(budget - program.budgets.data());
    row.rank = budget->rank;
  } else {
    const auto* breaker = ir::FindClauses(program.breakers, variant.policy);
    row.position = static_cast<uint32_t>(breaker - program.breakers.data());
    row.rank = breaker->rank;
    row.is_budget = false;
  }
  return row;
}

void SortStateful(std::vector<StatefulRow>& rows) {
  std::ranges::sort(rows, {}, [](const StatefulRow& row) { return std::pair(row.rank, row.policy); });
}

}  // namespace remit::eval
