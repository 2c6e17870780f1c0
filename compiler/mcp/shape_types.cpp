#include "compiler/mcp/shape_types.h"

#include <fmt/format.h>

namespace remit::mcp {

using schema_ast::Reference;
using schema_ast::TypeExprId;

namespace {

// The name may be a pointer such as `#/properties/a`.
auto DefinitionSegment(const Definition& definition) -> std::string {
  return TypeSegment(std::string_view(definition.name).substr(definition.name.starts_with("#/") ? 2 : 0));
}

}  // namespace

void ShapeTypes::NameDefinitions(const std::vector<Definition>& definitions, const std::string& name_space) {
  for (const auto& definition : definitions) {
    definition_types_.insert_or_assign(definition.shape.value, names_.Reserve(name_space, DefinitionSegment(definition)));
  }
}

void ShapeTypes::MakeDefinitions(const std::vector<Definition>& definitions, const std::string& name_space) {
  for (const auto& definition : definitions) {
    const TypeName own = definition_types_.at(definition.shape.value);
    const auto name = DefinitionSegment(definition);
    const auto type = TypeOf(definition.shape, name, name_space, &own);
    const auto kind = manifest_.shape(definition.shape).kind;
    const bool declared =
        (kind == ShapeKind::Enum || kind == ShapeKind::Object) && shared_.Find(manifest_, definition.shape, name) == nullptr;
    if (!declared) builder_.AddCommonType(own, type);
  }
}

auto ShapeTypes::RecordOf(const std::vector<Property>& properties, const std::string& name_space) -> TypeExprId {
  std::vector<schema_ast::Attribute> attributes;
  for (const auto& property : properties) {
    const auto type = TypeOf(property.shape, TypeSegment(property.name), name_space);
    attributes.push_back(builder_.Attribute(property.name, property.required, type));
    attributes.back().annotations = notes(property.notes);
  }
  return builder_.Record(std::move(attributes));
}

auto ShapeTypes::notes(const std::vector<Note>& notes) -> std::vector<ast::Annotation> {
  std::vector<ast::Annotation> annotations;
  for (const auto& [key, value] : notes) {
    if (key == "doc" ? options_.docs : options_.notes) annotations.push_back(builder_.Annotation(key, value));
  }
  return annotations;
}

void ShapeTypes::MakeShared(const SharedTypes::Shared& shared) {
  const TypeName type = names_.Reserve(shared.name_space, shared.name);
  const auto& shape = manifest_.shape(shared.shape);
  if (shape.kind == ShapeKind::Enum)
    builder_.AddEnum(type, shape.names);
  else
    builder_.AddEntity(type, RecordOf(shape.properties, shared.name_space));
  shared_.Place(manifest_, shared, type);
}

auto ShapeTypes::TypeOf(ShapeId id, const std::string& name, const std::string& name_space, const TypeName* own) -> TypeExprId {
  const auto& shape = manifest_.shape(id);
  switch (shape.kind) {
    case ShapeKind::Bool: return builder_.Builtin(Kind::Bool);
    case ShapeKind::Integer: return builder_.Builtin(Kind::Long);
    case ShapeKind::String: return builder_.Builtin(Kind::String);
    case ShapeKind::Decimal: return builder_.Builtin(Kind::Decimal);
    case ShapeKind::Datetime: return builder_.Builtin(Kind::Datetime);
    case ShapeKind::Duration: return builder_.Builtin(Kind::Duration);
    case ShapeKind::IpAddr: return builder_.Builtin(Kind::Ip);
    case ShapeKind::Float: return options_.numbers_as_decimal ? builder_.Builtin(Kind::Decimal) : OpaqueType("Float");
    case ShapeKind::Number: return options_.numbers_as_decimal ? builder_.Builtin(Kind::Decimal) : OpaqueType("Number");
    case ShapeKind::Null: return OpaqueType("Null");
    case ShapeKind::Unknown: return OpaqueType("Unknown");
    case ShapeKind::Enum: return EnumType(id, name, name_space, own);
    case ShapeKind::Array: return builder_.SetOf(TypeOf(shape.parts[0], name, name_space));
    case ShapeKind::Tuple:
    case ShapeKind::Union: return ChoiceType(id, name, name_space);
    case ShapeKind::Object: return ObjectType(id, name, name_space, own);
    case ShapeKind::Ref: return ReferenceType(id);
  }
  return {};
}

// Compared for equality and nothing else: what Cedar has no type for. One type for all tools, or the stub's own.
auto ShapeTypes::OpaqueType(const std::string& name) -> TypeExprId {
  const TypeName type = {.name_space = names_.root(), .name = name};
  if (!names_.IsTaken(type)) {
    names_.Take(type);
    builder_.AddEntity(type, {});
  }
  return builder_.Named(type.full(), Reference::Entity);
}

auto ShapeTypes::EnumType(ShapeId id, const std::string& name, const std::string& name_space, const TypeName* own) -> TypeExprId {
  const auto* shared = shared_.Find(manifest_, id, name);
  const TypeName type = shared != nullptr ? *shared : own != nullptr ? *own : names_.Reserve(name_space, name);
  if (shared == nullptr) builder_.AddEnum(type, manifest_.shape(id).names);
  entity_types_[id.value] = type.full();
  return builder_.Named(type.full(), Reference::Entity);
}

auto ShapeTypes::IsRecord(ShapeId id) const -> bool {
  return options_.objects_as_records && !manifest_.shape(id).rest.has_value() && !references_.is_entity[id.value];
}

auto ShapeTypes::ObjectType(ShapeId id, const std::string& name, const std::string& name_space, const TypeName* own) -> TypeExprId {
  const auto& shape = manifest_.shape(id);
  const bool record = IsRecord(id);
  if (const auto* shared = record ? nullptr : shared_.Find(manifest_, id, name)) {
    entity_types_[id.value] = shared->full();
    return builder_.Named(shared->full(), Reference::Entity);
  }
  const TypeName type = own != nullptr ? *own : names_.Reserve(name_space, name);
  const std::string inside = name_space + "::" + name;
  const auto tags = shape.rest.has_value() ? TypeOf(shape.rest, name + "Tag", inside) : TypeExprId{};
  const auto attributes = RecordOf(shape.properties, inside);
  if (record) {
    builder_.AddCommonType(type, attributes);
    return builder_.Named(type.full(), Reference::Any);
  }
  builder_.AddEntity(type, attributes, tags);
  entity_types_[id.value] = type.full();
  return builder_.Named(type.full(), Reference::Entity);
}

// A tuple has all of its parts, a union at most one of them.
auto ShapeTypes::ChoiceType(ShapeId id, const std::string& name, const std::string& name_space) -> TypeExprId {
  const auto& shape = manifest_.shape(id);
  const bool tuple = shape.kind == ShapeKind::Tuple;
  std::vector<schema_ast::Attribute> attributes;
  for (size_t i = 0; i < shape.parts.size(); ++i) {
    const auto type = TypeOf(shape.parts[i], fmt::format("{}{}", tuple ? "Proj" : "TypeChoice", i), name_space + "::" + name);
    attributes.push_back(builder_.Attribute(fmt::format("{}{}", tuple ? "proj" : "typeChoice", i), tuple, type));
  }
  return builder_.Record(std::move(attributes));
}

auto ShapeTypes::ReferenceType(ShapeId id) -> TypeExprId {
  const ShapeId target = references_.targets[id.value];
  if (!target.has_value()) return OpaqueType("Unknown");
  return builder_.Named(definition_types_.at(target.value).full(), Reference::Any);
}

}  // namespace remit::mcp
