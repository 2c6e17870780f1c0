// Cedar schemas, in either syntax, to the runtime's resolved schema.
#pragma once

#include <optional>

#include "compiler/parse/parse.h"
#include "compiler/schema/ast.h"
#include "runtime/entity/schema.h"

namespace remit {

enum class SchemaFormat : uint8_t {
  Auto,  // JSON if the first character is `{`, which no schema text can start with
  Text,  // Cedar's human-readable syntax
  Json,
};

// One file's syntax tree, its names unresolved. None if there was an error.
auto ReadSchemaFragment(FileId file, ParseContext& context, SchemaFormat format = SchemaFormat::Auto)
    -> std::optional<schema_ast::Fragment>;

auto IsJsonSchema(FileId file, SchemaFormat format, const SourceManager& sources) -> bool;

// Reads and resolves one or more files together; duplicate declarations, unknown names and cycles are reported with spans.
// None if there was an error.
auto CompileSchema(const std::vector<FileId>& files, ParseContext& context, SchemaFormat format = SchemaFormat::Auto)
    -> std::optional<Schema>;

}  // namespace remit
