// A budget or a breaker that requests may fall under, with what a decision would otherwise look for each time.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/ir/program.h"

namespace remit::eval {

// A body that is satisfied by every request.
inline auto IsUnconditional(const ir::Body& body) -> bool { return body.code.front().op == ir::Op::Satisfied; }

struct StatefulRow {
  uint32_t policy = 0;
  uint32_t body = 0;  // what decides it for this kind of request
  uint32_t position = 0;  // in Program::budgets or Program::breakers
  uint32_t rank = 0;
  bool is_budget = true;
  bool is_unconditional = false;  // the body says so of every request
};

auto ToStateful(const ir::Program& program, const ir::Variant& variant) -> StatefulRow;

// As they are claimed: by rank, and ascending by policy within one.
void SortStateful(std::vector<StatefulRow>& rows);

}  // namespace remit::eval
