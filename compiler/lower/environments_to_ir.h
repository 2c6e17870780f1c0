// The environments of a program: for each kind of request the policies that the types leave, with the bodies that decide them there.
#pragma once

#include <span>

#include "compiler/check/check.h"
#include "compiler/lower/body_table.h"
#include "compiler/lower/expr_to_ir.h"
#include "runtime/base/limits.h"

namespace remit {

// Where a row of the program comes from. No link: from the statement itself.
struct RowSource {
  uint32_t statement = 0;
  const ast::Link* link = nullptr;
};

// Fills `program.groups` and `program.environments`; both stay empty beyond `limits.max_environment_work`. `rows` is parallel to the program's
// policies, which are complete; new bodies go to `bodies`.
void EnvironmentsToIr(check::TypedPolicySet& typed, std::span<const RowSource> rows, const Limits& limits, LowerContext& context,
                      BodyTable& bodies, ir::Program& program);

}  // namespace remit
