// Schemas as documents: laid out, and translated from one of Cedar's syntaxes to the other.
#pragma once

#include <optional>
#include <string>

#include "compiler/ast/formatter.h"
#include "compiler/driver/compile_job.h"
#include "compiler/schema/schema.h"

namespace remit {

// The laid-out schema text; none after reporting that it does not parse. Names need not resolve. The result has been parsed again and compared: same
// declarations, same comments. A formatter that changed anything would be a bug of ours and stops the program.
auto FormatSchemaFile(CompileJob& job, const std::string& name, const std::string& text, const ast::FormatOptions& options)
    -> std::optional<std::string>;

// One document with what all the files declare, annotations and common types too. Comments, which JSON has no place for, are left out. The files must
// make a complete schema. None after reporting; the result has been read again and means the same.
auto TranslateSchema(CompileJob& job, std::vector<SchemaText> texts, SchemaSyntax target) -> std::optional<std::string>;
// The same of syntax trees, which may have been made and not read.
auto TranslateFragments(CompileJob& job, const std::vector<schema_ast::Fragment>& fragments, SchemaSyntax target)
    -> std::optional<std::string>;

// A type by its name as a schema of these files would understand it in the unnamed namespace: a common type, an entity type or a built-in one.
// None after reporting.
struct NamedSchemaType {
  Schema schema;
  TypeId type;
};
auto FindSchemaType(CompileJob& job, std::vector<SchemaText> texts, const std::string& name) -> std::optional<NamedSchemaType>;

}  // namespace remit
