// Verification of a program many of whose bodies are alike: a hundred shapes are followed and not a hundred thousand bodies.
#pragma once

#include <span>

#include "runtime/ir/program.h"

namespace remit::ir {

// Like Verify. `first_alike`: of each body the first one with the same code but for the literals (constants, patterns, regular expressions), which are all in the
// program's tables; itself, if it is that one. Whoever says so has made them alike. Empty: no two are.
auto VerifyAlike(const Program& program, std::span<const uint32_t> first_alike) -> Expected<void>;

}  // namespace remit::ir
