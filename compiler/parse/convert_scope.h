// The scope: `(principal.., action.., resource..)`.
#pragma once

#include <optional>
#include <vector>

#include "compiler/parse/conversion.h"

namespace remit::parse {

// Slots make a template, which only `permit` and `forbid` can be.
auto ToScope(Conversion& c, Grammar::ScopeContext* scope, bool slots_allowed) -> std::optional<ast::Scope>;

}  // namespace remit::parse
