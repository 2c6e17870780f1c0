#include "compiler/schema/json_reader.h"

#include "runtime/base/text.h"

namespace remit {
namespace {

using schema_ast::ActionDecl;
using schema_ast::ActionRef;
using schema_ast::CommonTypeDecl;
using schema_ast::EntityDecl;
using schema_ast::Name;
using schema_ast::Namespace;

// Members that may be absent or null.
auto FindValue(const JsonNode& node, std::string_view key) -> const JsonNode* {
  const auto* found = node.Find(key);
  return found != nullptr && found->type != JsonType::Null ? found : nullptr;
}

}  // namespace

auto ReadJsonSchema(FileId file, ParseContext& context) -> std::optional<schema_ast::Fragment> {
  const auto root = ParseJsonTree(file, context);
  if (!root) return std::nullopt;
  return JsonSchemaReader(context).Read(*root);
}

auto JsonSchemaReader::Read(const JsonNode& root) -> std::optional<schema_ast::Fragment> {
  if (Is(root, JsonType::Object)) {
    for (const auto& member : root.members) ReadNamespace(member);
  }
  if (has_errors_) return std::nullopt;
  return std::move(fragment_);
}

void JsonSchemaReader::ReadNamespace(const JsonMember& member) {
  Namespace result;
  const bool is_unnamed = member.key.empty();
  if (!is_unnamed) result.name = CheckedName(member.key, member.key_span, IsNormalizedName(member.key), "the name of a namespace");
  if (!Is(member.value, JsonType::Object) || !CheckKeys(member.value, {"commonTypes", "entityTypes", "actions", "annotations"})) {
    return;
  }
  const auto* annotations = member.value.Find("annotations");
  result.annotations = ReadAnnotations(annotations);
  if (is_unnamed && !result.annotations.empty()) {
    Report(DiagnosticCode::SchemaUnsupported, annotations->span, "annotations of the unnamed namespace");
  }
  if (const auto* types = member.value.Find("commonTypes"); types != nullptr && Is(*types, JsonType::Object)) {
    for (const auto& type : types->members) result.common_types.push_back(ReadCommonType(type));
  }
  if (const auto* entities = Require(member.value, "entityTypes"); entities != nullptr && Is(*entities, JsonType::Object)) {
    for (const auto& entity : entities->members) result.entities.push_back(ReadEntity(entity));
  }
  if (const auto* actions = Require(member.value, "actions"); actions != nullptr && Is(*actions, JsonType::Object)) {
    for (const auto& action : actions->members) result.actions.push_back(ReadAction(action));
  }
  fragment_.namespaces.push_back(std::move(result));
}

auto JsonSchemaReader::ReadCommonType(const JsonMember& member) -> CommonTypeDecl {
  const Name name = CheckedName(member.key, member.key_span, IsIdentifier(member.key), "a type name");
  const auto type = ReadType(member.value, {"annotations"});
  return {.name = name, .type = type, .annotations = ReadAnnotations(member.value.Find("annotations")), .span = member.key_span};
}

auto JsonSchemaReader::ReadEntity(const JsonMember& member) -> EntityDecl {
  const JsonNode& node = member.value;
  EntityDecl decl = {.names = {CheckedName(member.key, member.key_span, IsIdentifier(member.key), "a type name")}, .span = member.key_span};
  if (!Is(node, JsonType::Object)) return decl;
  decl.annotations = ReadAnnotations(node.Find("annotations"));
  if (const auto* choices = node.Find("enum")) {
    if (CheckKeys(node, {"enum", "annotations"})) ReadEnumeration(*choices, decl);
    return decl;
  }
  if (!CheckKeys(node, {"memberOfTypes", "shape", "tags", "enum", "annotations"})) return decl;
  if (const auto* parents = node.Find("memberOfTypes")) decl.parents = ReadNames(parents);
  if (const auto* shape = node.Find("shape")) decl.shape = ReadType(*shape);
  if (const auto* tags = node.Find("tags")) decl.tags = ReadType(*tags);
  return decl;
}

void JsonSchemaReader::ReadEnumeration(const JsonNode& node, EntityDecl& decl) {
  if (!Is(node, JsonType::Array)) return;
  if (node.items.empty()) Report(DiagnosticCode::SchemaEmptyEnumeration, node.span);
  for (const auto& item : node.items) {
    if (Is(item, JsonType::String)) decl.ids.push_back(NewName(item.text, item.span));
  }
}

auto JsonSchemaReader::ReadAction(const JsonMember& member) -> ActionDecl {
  const JsonNode& node = member.value;
  ActionDecl decl = {.names = {NewName(member.key, member.key_span)}, .span = member.key_span};
  if (!Is(node, JsonType::Object) || !CheckKeys(node, {"attributes", "appliesTo", "memberOf", "annotations"})) return decl;
  decl.annotations = ReadAnnotations(node.Find("annotations"));
  if (const auto* attributes = FindValue(node, "attributes")) {
    Report(DiagnosticCode::SchemaUnsupported, attributes->span, "attributes of actions");
  }
  if (const auto* applies_to = FindValue(node, "appliesTo")) decl.applies_to = ReadAppliesTo(*applies_to);
  if (const auto* parents = FindValue(node, "memberOf"); parents != nullptr && Is(*parents, JsonType::Array)) {
    for (const auto& parent : parents->items) decl.parents.push_back(ReadActionRef(parent));
  }
  return decl;
}

auto JsonSchemaReader::ReadActionRef(const JsonNode& node) -> ActionRef {
  ActionRef ref = {.type = {}, .id = {}, .span = node.span};
  if (!Is(node, JsonType::Object) || !CheckKeys(node, {"id", "type"})) return ref;
  if (const auto* id = Require(node, "id"); id != nullptr && Is(*id, JsonType::String)) {
    ref.id = context_.interner.Intern(id->text);
    ref.span = id->span;
  }
  if (const auto* type = FindValue(node, "type")) ref.type = ReadName(*type);
  return ref;
}

auto JsonSchemaReader::ReadAppliesTo(const JsonNode& node) -> schema_ast::AppliesTo {
  schema_ast::AppliesTo result;
  if (!Is(node, JsonType::Object) || !CheckKeys(node, {"principalTypes", "resourceTypes", "context"})) return result;
  result.principals = ReadNames(Require(node, "principalTypes"));
  result.resources = ReadNames(Require(node, "resourceTypes"));
  if (const auto* context = node.Find("context")) result.context = ReadType(*context);
  return result;
}

}  // namespace remit
