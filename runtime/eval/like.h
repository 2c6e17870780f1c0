// Cedar's `like`: a wildcard stands for any text, the rest for itself.
#pragma once

#include <string_view>

#include "runtime/base/interner.h"
#include "runtime/ir/program.h"

namespace remit::eval {

// In time linear in text and pattern.
auto MatchesPattern(std::string_view text, const ir::Pattern& pattern, const Interner& interner) -> bool;

}  // namespace remit::eval
