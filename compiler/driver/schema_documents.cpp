#include "compiler/driver/schema_documents.h"

#include <algorithm>
#include <array>

#include "compiler/driver/comments.h"
#include "compiler/parse/schema/parse_schema.h"
#include "compiler/schema/formatter.h"
#include "compiler/schema/resolve.h"
#include "compiler/schema/same_meaning.h"
#include "compiler/schema/schema.h"
#include "compiler/schema/schema_to_json.h"
#include "compiler/schema/schema_to_text.h"
#include "runtime/base/check.h"

namespace remit {
namespace {

auto ReadFragments(CompileJob& job, std::vector<SchemaText> texts) -> std::optional<std::vector<schema_ast::Fragment>> {
  auto context = job.parse_context();
  std::vector<schema_ast::Fragment> fragments;
  for (auto& [name, text] : texts) {
    auto fragment = ReadSchemaFragment(job.sources.Add(name, std::move(text)), context);
    if (fragment) fragments.push_back(std::move(*fragment));
  }
  if (fragments.size() != texts.size()) return std::nullopt;
  return fragments;
}

auto PrintSchema(CompileJob& job, const std::vector<schema_ast::Fragment>& fragments, SchemaSyntax target) -> std::optional<std::string> {
  auto context = job.parse_context();
  const auto merged = MergeNamespaces(fragments, context);
  if (job.sink.has_errors()) return std::nullopt;
  if (target == SchemaSyntax::Json) return SchemaToJson(merged, job.interner);
  Definitions definitions(context);
  definitions.Collect(fragments);
  const auto text = SchemaToText(merged, definitions, context);
  if (!text) return std::nullopt;
  return FormatSchemaText(*text, {}, {});
}

// What has been printed may be longer or nest more than what was read, and so be refused for its size; for anything else it must not be.
auto ReadBack(CompileJob& job, FileId file) -> std::optional<schema_ast::Fragment> {
  static constexpr std::array kLimits = {DiagnosticCode::FileTooLarge, DiagnosticCode::SchemaDeclarationTooLarge,
                                         DiagnosticCode::NestingTooDeep};
  auto context = job.parse_context();
  auto fragment = ReadSchemaFragment(file, context);
  if (fragment) return fragment;
  const auto is_limit = [](const Diagnostic& diagnostic) { return std::ranges::find(kLimits, diagnostic.code) != kLimits.end(); };
  CHECK(std::ranges::any_of(job.sink.diagnostics(), is_limit), "a printed schema does not parse");
  return std::nullopt;
}

}  // namespace

auto FormatSchemaFile(CompileJob& job, const std::string& name, const std::string& text, const ast::FormatOptions& options)
    -> std::optional<std::string> {
  auto context = job.parse_context();
  const FileId file = job.sources.Add(name, text);
  const auto before = ParseSchemaText(file, context);
  if (!before) return std::nullopt;
  const auto comments = CollectComments(file, job.sources);
  auto formatted = FormatSchemaText(job.sources.file(file).text(), CommentTexts(comments), options);

  const FileId formatted_file = job.sources.Add(name, formatted);
  const auto after = ReadBack(job, formatted_file);
  if (!after) return std::nullopt;
  CHECK(SameDeclarations(*before, *after), "formatting changed the schema");
  CHECK(SameComments(job.sources, comments, CollectComments(formatted_file, job.sources)), "formatting lost a comment of the schema");
  return formatted;
}

auto TranslateSchema(CompileJob& job, std::vector<SchemaText> texts, SchemaSyntax target) -> std::optional<std::string> {
  const auto fragments = ReadFragments(job, std::move(texts));
  return fragments ? TranslateFragments(job, *fragments, target) : std::nullopt;
}

auto TranslateFragments(CompileJob& job, const std::vector<schema_ast::Fragment>& fragments, SchemaSyntax target)
    -> std::optional<std::string> {
  auto context = job.parse_context();
  const auto before = ResolveSchema(fragments, context);
  if (!before) return std::nullopt;
  auto printed = PrintSchema(job, fragments, target);
  if (!printed) return std::nullopt;
  auto read_back = ReadBack(job, job.sources.Add("translated schema", *printed));
  if (!read_back) return std::nullopt;
  const auto after = ResolveSchema({std::move(*read_back)}, context);
  CHECK(after.has_value() && SameSchema(*before, *after), "translating changed the schema");
  return printed;
}

// A declaration that uses the name asks the resolver, so that the answer cannot differ from what a schema means by it.
auto FindSchemaType(CompileJob& job, std::vector<SchemaText> texts, const std::string& name) -> std::optional<NamedSchemaType> {
  auto fragments = ReadFragments(job, std::move(texts));
  if (!fragments) return std::nullopt;
  const FileId file = job.sources.Add("name of a type", name);
  const Span span = {.file = file, .begin = 0, .end = static_cast<uint32_t>(name.size())};
  const auto intern = [&](std::string_view text) { return schema_ast::Name{.text = job.interner.Intern(text), .span = span}; };

  schema_ast::Fragment query;
  const auto type = query.Add({.span = span, .node = schema_ast::NamedType{.reference = schema_ast::Reference::Any, .name = intern(name)}});
  schema_ast::RecordType record;
  record.attributes.push_back({.name = intern("type"), .type = type});
  const auto shape = query.Add({.span = span, .node = std::move(record)});
  query.namespaces.push_back({.name = intern("remit_schema_query")});
  query.namespaces.back().entities.push_back({.names = {intern("Remit_schema_query")}, .shape = shape});
  fragments->push_back(std::move(query));

  auto context = job.parse_context();
  auto schema = ResolveSchema(*fragments, context);
  if (!schema) return std::nullopt;
  const auto* entity = schema->FindEntityType(job.interner.Find("remit_schema_query::Remit_schema_query"));
  const TypeId found = schema->type(entity->attributes).fields.front().type;
  return NamedSchemaType{.schema = std::move(*schema), .type = found};
}

}  // namespace remit
