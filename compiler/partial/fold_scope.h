// A scope folded with what is known of principal, action and resource.
#pragma once

#include "compiler/partial/folder.h"

namespace remit::partial {

// Known, or a residual that cannot fail. Slots have been filled.
auto FoldScope(const ast::Scope& scope, FoldContext& context, const check::SchemaView& schema) -> Folded;

}  // namespace remit::partial
