#include "compiler/parse/schema/parse_schema.h"
#include "compiler/schema/json_reader.h"
#include "compiler/schema/resolve.h"
#include "compiler/schema/schema.h"

namespace remit {

auto GuessSchemaSyntax(std::string_view text) -> SchemaSyntax {
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{' ? SchemaSyntax::Json : SchemaSyntax::Text;
}

auto ReadSchemaFragment(FileId file, ParseContext& context, std::optional<SchemaSyntax> syntax) -> std::optional<schema_ast::Fragment> {
  switch (syntax ? *syntax : GuessSchemaSyntax(context.sources.file(file).text())) {
    case SchemaSyntax::Text: return ParseSchemaText(file, context);
    case SchemaSyntax::Json: return ReadJsonSchema(file, context);
  }
  return std::nullopt;
}

auto CompileSchema(const std::vector<FileId>& files, ParseContext& context, std::optional<SchemaSyntax> syntax) -> std::optional<Schema> {
  std::vector<schema_ast::Fragment> fragments;
  for (const FileId file : files) {
    auto fragment = ReadSchemaFragment(file, context, syntax);
    if (fragment) fragments.push_back(std::move(*fragment));
  }
  // Names of a file that could not be read would all be unknown.
  if (fragments.size() != files.size()) return std::nullopt;
  return ResolveSchema(fragments, context);
}

}  // namespace remit
