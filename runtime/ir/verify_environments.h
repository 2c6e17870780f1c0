// The part of `Verify` that is about groups and environments.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "runtime/ir/program.h"

namespace remit::ir {

// What is wrong, if anything. `returns` is parallel to the bodies: which of them return a value and so decide no policy.
auto CheckEnvironments(const Program& program, const std::vector<bool>& returns) -> std::optional<std::string>;

}  // namespace remit::ir
