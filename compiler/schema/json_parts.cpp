// Names, annotations and the shape of JSON schemas.
#include <algorithm>

#include "compiler/schema/json_reader.h"
#include "runtime/base/did_you_mean.h"
#include "runtime/base/text.h"

namespace remit {
namespace {

using schema_ast::Name;

// As IsNormalizedName, but `__cedar` may be referred to.
auto IsReferenceName(std::string_view text) -> bool {
  while (true) {
    const size_t end = text.find("::");
    const auto part = text.substr(0, end);
    if (!IsIdentifier(part) && part != "__cedar") return false;
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + 2);
  }
}

auto Contains(std::initializer_list<std::string_view> keys, std::string_view key) -> bool {
  return std::ranges::find(keys, key) != keys.end();
}

}  // namespace

auto JsonSchemaReader::NewName(std::string_view text, Span span) -> Name { return {.text = context_.interner.Intern(text), .span = span}; }

auto JsonSchemaReader::CheckedName(std::string_view text, Span span, bool is_valid, std::string_view what) -> Name {
  if (!is_valid) {
    Report(DiagnosticCode::SchemaInvalidName, span, EscapeString(text), what).help =
        "names are letters, digits and `_`, not starting with a digit and not reserved; a path joins them by `::` without spaces";
  }
  return NewName(text, span);
}

auto JsonSchemaReader::ReadName(const JsonNode& node) -> Name {
  if (!Is(node, JsonType::String)) return {.text = {}, .span = node.span};
  return CheckedName(node.text, node.span, IsReferenceName(node.text), "a type name");
}

// `node` may be null: what was required is absent, and reported.
auto JsonSchemaReader::ReadNames(const JsonNode* node) -> std::vector<Name> {
  std::vector<Name> names;
  if (node == nullptr || !Is(*node, JsonType::Array)) return names;
  for (const auto& item : node->items) names.push_back(ReadName(item));
  return names;
}

// `node` may be null: there are none.
auto JsonSchemaReader::ReadAnnotations(const JsonNode* node) -> Annotations {
  Annotations annotations;
  if (node == nullptr || !Is(*node, JsonType::Object)) return annotations;
  for (const auto& [key, key_span, value] : node->members) {
    const Name name = CheckedName(key, key_span, IsIdentifierShape(key), "the key of an annotation");
    std::optional<SymbolId> text;
    if (value.type != JsonType::Null) {
      if (!Is(value, JsonType::String)) continue;
      text = context_.interner.Intern(value.text);
    }
    annotations.push_back({.key = name.text, .value = text, .span = key_span});
  }
  return annotations;
}

auto JsonSchemaReader::Is(const JsonNode& node, JsonType type) -> bool {
  if (node.type == type) return true;
  Report(DiagnosticCode::SchemaWrongJsonType, node.span, DescribeJsonType(type), DescribeJsonType(node.type));
  return false;
}

auto JsonSchemaReader::CheckKeys(const JsonNode& node, Keys known, Keys also) -> bool {
  bool all_known = true;
  for (const auto& member : node.members) {
    if (Contains(known, member.key) || Contains(also, member.key)) continue;
    Report(DiagnosticCode::SchemaUnknownKey, member.key_span, EscapeString(member.key)).help =
        DidYouMean(member.key, {known.begin(), known.end()});
    all_known = false;
  }
  return all_known;
}

auto JsonSchemaReader::Require(const JsonNode& node, std::string_view key) -> const JsonNode* {
  const auto* found = node.Find(key);
  if (found == nullptr) Report(DiagnosticCode::SchemaMissingKey, node.span, key);
  return found;
}

}  // namespace remit
