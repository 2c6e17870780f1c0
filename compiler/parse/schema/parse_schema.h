// Schema text to the schema's syntax tree. ANTLR stays behind this header.
#pragma once

#include <optional>

#include "compiler/parse/parse.h"
#include "compiler/schema/ast.h"

namespace remit {

// Reads one file of Cedar's human-readable syntax, declaration by declaration: an error costs one declaration and the others are
// read and reported as well. None if there was an error.
auto ParseSchemaText(FileId file, ParseContext& context) -> std::optional<schema_ast::Fragment>;

}  // namespace remit
