// Cedar schemas, in either syntax, to the runtime's resolved schema.
#pragma once

#include <optional>
#include <string_view>

#include "compiler/parse/parse.h"
#include "compiler/schema/ast.h"
#include "runtime/entity/schema.h"

namespace remit {

enum class SchemaSyntax : uint8_t { Text, Json };

// What a file is written in, by its first character: no schema text can start with `{`.
auto GuessSchemaSyntax(std::string_view text) -> SchemaSyntax;

// One file's syntax tree, its names unresolved. None if there was an error. Without a syntax it is guessed.
auto ReadSchemaFragment(FileId file, ParseContext& context, std::optional<SchemaSyntax> syntax = {}) -> std::optional<schema_ast::Fragment>;

// Reads and resolves one or more files together; duplicate declarations, unknown names and cycles are reported with spans.
// None if there was an error.
auto CompileSchema(const std::vector<FileId>& files, ParseContext& context, std::optional<SchemaSyntax> syntax = {})
    -> std::optional<Schema>;

}  // namespace remit
