// The part of `Verify` that is about the clauses of Remit's statements.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/ir/program.h"

namespace remit::ir {

// What is wrong, if anything. `returns` is parallel to the bodies, whose operations are in range.
auto CheckStatements(const Program& program, const std::vector<bool>& returns) -> std::optional<std::string>;

}  // namespace remit::ir
