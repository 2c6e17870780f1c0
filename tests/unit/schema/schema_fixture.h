// Compiles schemas for the tests of this folder.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "compiler/schema/schema.h"

namespace remit {

// One compile job: what it made of its files and what it had to say.
class SchemaJob {
 public:
  explicit SchemaJob(const std::vector<std::string>& texts, std::optional<SchemaSyntax> syntax = {}, const Limits& limits = {})
      : sink_(limits.max_diagnostics) {
    ParseContext context{.sources = sources_, .interner = interner_, .sink = sink_, .limits = limits};
    std::vector<FileId> files;
    for (const auto& text : texts) files.push_back(sources_.Add("s" + std::to_string(files.size()) + ".cedarschema", text));
    schema_ = CompileSchema(files, context, syntax);
  }
  explicit SchemaJob(const std::string& text) : SchemaJob(std::vector{text}) {}

  auto accepted() const -> bool { return schema_.has_value(); }
  auto schema() const -> const Schema& { return *schema_; }
  auto sink() const -> const DiagnosticSink& { return sink_; }
  auto interner() const -> const Interner& { return interner_; }

  // `code at `text under the span`` for each diagnostic.
  auto Diagnostics() const -> std::vector<std::string> {
    std::vector<std::string> all;
    for (const auto& diagnostic : sink_.diagnostics()) {
      all.push_back(std::string{CodeName(diagnostic.code)} + " at `" + std::string{sources_.text(diagnostic.span)} + "`");
    }
    return all;
  }
  auto Formatted() const -> std::string {
    std::string all;
    for (const auto& diagnostic : sink_.diagnostics()) all += FormatDiagnostic(diagnostic, sources_);
    return all;
  }

  auto Entity(std::string_view name) const -> const EntityTypeDecl* { return schema_->FindEntityType(interner_.Find(name)); }
  auto Action(std::string_view type, std::string_view id) const -> const ActionDecl* {
    return schema_->FindAction({.type = interner_.Find(type), .id = interner_.Find(id)});
  }
  auto Text(SymbolId id) const -> std::string { return std::string{interner_.text(id)}; }

  // `{a: Long, b?: Set<N::User>}`, fields in the order of their names.
  auto Describe(TypeId id) const -> std::string {
    const Type& type = schema_->type(id);
    switch (type.kind) {
      case Kind::Set: return "Set<" + Describe(type.element) + ">";
      case Kind::Entity: return Text(type.entity_type);
      case Kind::Record: return DescribeRecord(type);
      case Kind::Bool:
      case Kind::Long:
      case Kind::String:
      case Kind::Ip:
      case Kind::Decimal:
      case Kind::Datetime:
      case Kind::Duration:
      case Kind::Url:
      case Kind::Path:
      case Kind::Email:
      case Kind::Command:
      case Kind::Semver: return std::string{KindName(type.kind)};
    }
    return {};
  }

 private:
  auto DescribeRecord(const Type& type) const -> std::string {
    std::vector<std::string> fields;
    for (const auto& field : type.fields) fields.push_back(Text(field.key) + (field.required ? ": " : "?: ") + Describe(field.type));
    std::sort(fields.begin(), fields.end());
    std::string text;
    for (const auto& field : fields) text += (text.empty() ? "" : ", ") + field;
    return "{" + text + "}";
  }

  SourceManager sources_;
  Interner interner_;
  DiagnosticSink sink_;
  std::optional<Schema> schema_;
};

}  // namespace remit
