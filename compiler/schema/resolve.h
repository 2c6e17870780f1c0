// Schema fragments to the runtime's schema: every name bound to its declaration, every type built.
#pragma once

#include <optional>
#include <vector>

#include "compiler/parse/parse.h"
#include "compiler/schema/ast.h"
#include "runtime/entity/schema.h"

namespace remit {

// The fragments together make one schema; a namespace may be spread over several. None if there was an error.
auto ResolveSchema(const std::vector<schema_ast::Fragment>& fragments, ParseContext& context) -> std::optional<Schema>;

}  // namespace remit
