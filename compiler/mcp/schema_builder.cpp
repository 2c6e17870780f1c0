#include "compiler/mcp/schema_builder.h"

namespace remit::mcp {

using schema_ast::TypeExprId;

auto SchemaBuilder::Builtin(Kind kind) -> TypeExprId { return fragment_.Add({.span = {}, .node = schema_ast::BuiltinType{.kind = kind}}); }

auto SchemaBuilder::Named(const std::string& full_name, schema_ast::Reference reference) -> TypeExprId {
  return fragment_.Add({.span = {}, .node = schema_ast::NamedType{.reference = reference, .name = Name(full_name)}});
}

auto SchemaBuilder::SetOf(TypeExprId element) -> TypeExprId {
  return fragment_.Add({.span = {}, .node = schema_ast::SetType{.element = element}});
}

auto SchemaBuilder::Record(std::vector<schema_ast::Attribute> attributes) -> TypeExprId {
  return fragment_.Add({.span = {}, .node = schema_ast::RecordType{.attributes = std::move(attributes)}});
}

auto SchemaBuilder::Attribute(std::string_view name, bool required, TypeExprId type) -> schema_ast::Attribute {
  return {.name = Name(name), .required = required, .type = type};
}

auto SchemaBuilder::Annotation(std::string_view key, std::string_view value) -> ast::Annotation {
  return {.key = interner_.Intern(key), .value = interner_.Intern(value), .span = {}};
}

void SchemaBuilder::AddEntity(const TypeName& name, TypeExprId shape, TypeExprId tags) {
  In(name.name_space).entities.push_back({.names = {Name(name.name)}, .shape = shape, .tags = tags});
}

void SchemaBuilder::AddEnum(const TypeName& name, const std::vector<std::string>& values) {
  schema_ast::EntityDecl entity = {.names = {Name(name.name)}};
  for (const auto& value : values) entity.ids.push_back(Name(value));
  In(name.name_space).entities.push_back(std::move(entity));
}

void SchemaBuilder::AddCommonType(const TypeName& name, TypeExprId type) {
  In(name.name_space).common_types.push_back({.name = Name(name.name), .type = type});
}

void SchemaBuilder::AddAction(const std::string& name_space, schema_ast::ActionDecl action) {
  In(name_space).actions.push_back(std::move(action));
}

auto SchemaBuilder::In(const std::string& name_space) -> schema_ast::Namespace& {
  const auto [place, is_new] = namespaces_.try_emplace(name_space);
  if (is_new) place->second.name = Name(name_space);
  return place->second;
}

auto SchemaBuilder::Finish() && -> schema_ast::Fragment {
  for (auto& [name, declarations] : namespaces_) fragment_.namespaces.push_back(std::move(declarations));
  return std::move(fragment_);
}

}  // namespace remit::mcp
