// Cedar schema text to the runtime's resolved schema.
#pragma once

#include <optional>

#include "compiler/parse/parse.h"
#include "runtime/entity/schema.h"

namespace remit {

// Parses and resolves one or more fragments together; duplicate declarations, unknown names and cycles are reported with spans.
auto CompileSchema(const std::vector<FileId>& files, ParseContext& context) -> std::optional<Schema>;

}  // namespace remit
