#include "compiler/lower/forbid_errors.h"

#include <algorithm>

#include "runtime/base/check.h"

namespace remit {

void DenyWhereForbidsFail(ir::Program& program) {
  const auto by_row = std::ranges::is_sorted(program.restrictions, {}, &ir::Restriction::policy);
  CHECK(by_row, "clauses are in the order of their rows");
  for (uint32_t row = 0; row < program.policies.size(); ++row) {
    if (program.policies[row].effect == ir::Effect::Forbid) program.restrictions.push_back({.policy = row, .level = Outcome::Deny});
  }
  std::ranges::sort(program.restrictions, {}, &ir::Restriction::policy);
}

}  // namespace remit
