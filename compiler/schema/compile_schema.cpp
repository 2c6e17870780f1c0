#include "compiler/parse/schema/parse_schema.h"
#include "compiler/schema/json_reader.h"
#include "compiler/schema/resolve.h"
#include "compiler/schema/schema.h"

namespace remit {

auto IsJsonSchema(FileId file, SchemaFormat format, const SourceManager& sources) -> bool {
  if (format != SchemaFormat::Auto) return format == SchemaFormat::Json;
  const auto text = sources.file(file).text();
  const size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '{';
}

auto ReadSchemaFragment(FileId file, ParseContext& context, SchemaFormat format) -> std::optional<schema_ast::Fragment> {
  return IsJsonSchema(file, format, context.sources) ? ReadJsonSchema(file, context) : ParseSchemaText(file, context);
}

auto CompileSchema(const std::vector<FileId>& files, ParseContext& context, SchemaFormat format) -> std::optional<Schema> {
  std::vector<schema_ast::Fragment> fragments;
  for (const FileId file : files) {
    auto fragment = ReadSchemaFragment(file, context, format);
    if (fragment) fragments.push_back(std::move(*fragment));
  }
  // Names of a file that could not be read would all be unknown.
  if (fragments.size() != files.size()) return std::nullopt;
  return ResolveSchema(fragments, context);
}

}  // namespace remit
