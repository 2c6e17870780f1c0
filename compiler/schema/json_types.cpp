// Type expressions of JSON schemas.
#include "compiler/schema/builtin_types.h"
#include "compiler/schema/json_reader.h"
#include "runtime/base/did_you_mean.h"
#include "runtime/base/text.h"

namespace remit {

using schema_ast::NamedType;
using schema_ast::Reference;
using schema_ast::TypeExpr;

// Recursion is bounded by the limit on JSON's depth.
auto JsonSchemaReader::ReadType(const JsonNode& node, Keys beside) -> schema_ast::TypeExprId {
  if (!Is(node, JsonType::Object)) return {};
  const auto* type = Require(node, "type");
  if (type == nullptr || !Is(*type, JsonType::String)) return {};
  auto expr = ReadTypeNode(type->text, node, beside);
  if (!expr) return {};
  expr->span = type->span;
  return fragment_.Add(std::move(*expr));
}

auto JsonSchemaReader::ReadTypeNode(std::string_view type, const JsonNode& node, Keys beside) -> std::optional<TypeExpr> {
  const auto wrap = [](auto&& result) -> std::optional<TypeExpr> {
    if (!result) return std::nullopt;
    return TypeExpr{.span = {}, .node = std::move(*result)};
  };
  if (type == "Set") {
    if (!CheckKeys(node, {"type", "element"}, beside)) return std::nullopt;
    const auto* element = Require(node, "element");
    if (element == nullptr) return std::nullopt;
    return TypeExpr{.span = {}, .node = schema_ast::SetType{ReadType(*element)}};
  }
  if (type == "Record")
    return CheckKeys(node, {"type", "attributes", "additionalAttributes"}, beside) ? wrap(ReadRecord(node)) : std::nullopt;
  const bool is_named = type == "Entity" || type == "EntityOrCommon" || type == "Extension";
  if (!(is_named ? CheckKeys(node, {"type", "name"}, beside) : CheckKeys(node, {"type"}, beside))) return std::nullopt;
  if (type == "Entity") return wrap(ReadNamed(Require(node, "name"), Reference::Entity));
  if (type == "EntityOrCommon") return wrap(ReadNamed(Require(node, "name"), Reference::Any));
  if (type == "Extension") return wrap(ReadExtension(node));
  if (type == "String") return TypeExpr{.span = {}, .node = schema_ast::BuiltinType{Kind::String}};
  if (type == "Long") return TypeExpr{.span = {}, .node = schema_ast::BuiltinType{Kind::Long}};
  if (type == "Boolean") return TypeExpr{.span = {}, .node = schema_ast::BuiltinType{Kind::Bool}};
  return wrap(ReadNamed(node.Find("type"), Reference::Common));
}

auto JsonSchemaReader::ReadRecord(const JsonNode& node) -> std::optional<schema_ast::RecordType> {
  if (const auto* open = node.Find("additionalAttributes")) {
    if (!Is(*open, JsonType::Bool)) return std::nullopt;
    if (open->boolean) Report(DiagnosticCode::SchemaUnsupported, open->span, "records with additional attributes");
  }
  const auto* attributes = Require(node, "attributes");
  if (attributes == nullptr || !Is(*attributes, JsonType::Object)) return std::nullopt;
  schema_ast::RecordType record;
  for (const auto& [key, key_span, value] : attributes->members) {
    const auto type = ReadType(value, {"required", "annotations"});
    const auto* required = value.Find("required");
    if (required != nullptr && !Is(*required, JsonType::Bool)) continue;
    record.attributes.push_back({.name = NewName(key, key_span),
                                 .required = required == nullptr || required->boolean,
                                 .type = type,
                                 .annotations = ReadAnnotations(value.Find("annotations"))});
  }
  return record;
}

auto JsonSchemaReader::ReadExtension(const JsonNode& node) -> std::optional<schema_ast::BuiltinType> {
  const auto* name = Require(node, "name");
  if (name == nullptr || !Is(*name, JsonType::String)) return std::nullopt;
  const auto* builtin = FindBuiltinType(name->text);
  if (builtin != nullptr && builtin->is_extension) return schema_ast::BuiltinType{builtin->kind};
  Report(DiagnosticCode::SchemaUnknownType, name->span, "extension type", EscapeString(name->text)).help =
      DidYouMean(name->text, ExtensionTypeNames());
  return std::nullopt;
}

auto JsonSchemaReader::ReadNamed(const JsonNode* name, Reference reference) -> std::optional<NamedType> {
  if (name == nullptr) return std::nullopt;
  return NamedType{.reference = reference, .name = ReadName(*name)};
}

}  // namespace remit
