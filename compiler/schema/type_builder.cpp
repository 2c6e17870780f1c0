#include "compiler/schema/type_builder.h"

#include <algorithm>

#include "compiler/schema/suggestions.h"
#include "runtime/base/text.h"

namespace remit {

using schema_ast::Attribute;
using schema_ast::Reference;

namespace {

auto Describe(Reference reference) -> std::string_view {
  switch (reference) {
    case Reference::Entity: return "entity type";
    case Reference::Common: return "common type";
    case Reference::Any: return "type";
  }
  return {};
}

}  // namespace

auto EffectiveAttributes(const schema_ast::RecordType& record) -> std::vector<const Attribute*> {
  std::vector<const Attribute*> attributes;
  std::unordered_map<SymbolId, size_t> positions;
  for (const auto& attribute : record.attributes) {
    const auto [known, is_new] = positions.try_emplace(attribute.name.text, attributes.size());
    if (is_new) {
      attributes.push_back(&attribute);
    } else {
      attributes[known->second] = &attribute;
    }
  }
  return attributes;
}

void TypeBuilder::BuildCommonType(uint32_t index) {
  const auto& declared = definitions_.common_types()[index];
  common_[index] = Build(declared.decl->type, declared.place);
}

// Recursion is as deep as the text is nested, which the readers bound.
auto TypeBuilder::Build(schema_ast::TypeExprId id, SchemaPlace place) -> TypeId {
  const auto& expr = place.fragment->type(id);
  return std::visit([&](const auto& node) { return BuildNode(node, expr.span, place); }, expr.node);
}

auto TypeBuilder::BuildNode(const schema_ast::NamedType& type, Span, SchemaPlace place) -> TypeId {
  const auto found = definitions_.Find(type.name.text, place.name_space, type.reference);
  if (!found) {
    ReportUnknown(type.name, place.name_space, type.reference);
    return ErrorType();
  }
  if (const auto* entity = std::get_if<FoundEntityType>(&*found)) return EntityType(entity->name);
  if (const auto* kind = std::get_if<Kind>(&*found)) return Primitive(*kind);
  const TypeId built = common_[std::get<FoundCommonType>(*found).index];
  // Not built: part of a cycle, which has been reported.
  return built.has_value() ? built : ErrorType();
}

auto TypeBuilder::BuildNode(const schema_ast::BuiltinType& type, Span, SchemaPlace) -> TypeId { return Primitive(type.kind); }

auto TypeBuilder::BuildNode(const schema_ast::SetType& type, Span span, SchemaPlace place) -> TypeId {
  const TypeId element = Build(type.element, place);
  return Add({.kind = Kind::Set, .element = element, .entity_type = {}, .fields = {}}, depths_[element.value] + 1, span);
}

auto TypeBuilder::BuildNode(const schema_ast::RecordType& type, Span span, SchemaPlace place) -> TypeId {
  const auto attributes = EffectiveAttributes(type);
  if (attributes.size() < type.attributes.size()) {
    std::unordered_set<const Attribute*> counted(attributes.begin(), attributes.end());
    for (const auto& attribute : type.attributes) {
      if (counted.contains(&attribute)) continue;
      context_.sink
          .Report(DiagnosticCode::SchemaDuplicateAttribute, attribute.name.span, EscapeString(context_.interner.text(attribute.name.text)))
          .help = "remove this one";
    }
  }
  Type record = {.kind = Kind::Record, .element = {}, .entity_type = {}, .fields = {}};
  uint32_t depth = 0;
  for (const auto* attribute : attributes) {
    const TypeId field = Build(attribute->type, place);
    depth = std::max(depth, depths_[field.value] + 1);
    record.fields.push_back({.key = attribute->name.text, .type = field, .required = attribute->required});
  }
  std::ranges::sort(record.fields, {}, &TypeField::key);
  return Add(std::move(record), depth, span);
}

auto TypeBuilder::Add(Type type, uint32_t depth, Span span) -> TypeId {
  if (depth > context_.limits.max_nesting) {
    context_.sink.Report(DiagnosticCode::SchemaTypeTooDeep, span, context_.limits.max_nesting);
    has_errors_ = true;
    return ErrorType();
  }
  schema_.types.push_back(std::move(type));
  depths_.push_back(depth);
  return {static_cast<uint32_t>(schema_.types.size() - 1)};
}

auto TypeBuilder::Primitive(Kind kind) -> TypeId {
  auto& known = primitives_[kind];
  if (!known.has_value()) known = Add({.kind = kind, .element = {}, .entity_type = {}, .fields = {}}, 0, {});
  return known;
}

auto TypeBuilder::EntityType(SymbolId name) -> TypeId {
  const auto [known, is_new] = entity_types_.try_emplace(name);
  if (is_new) known->second = Add({.kind = Kind::Entity, .element = {}, .entity_type = name, .fields = {}}, 0, {});
  return known->second;
}

auto TypeBuilder::EmptyRecord() -> TypeId {
  if (!empty_record_.has_value()) empty_record_ = Add({.kind = Kind::Record, .element = {}, .entity_type = {}, .fields = {}}, 0, {});
  return empty_record_;
}

auto TypeBuilder::ResolveEntity(const schema_ast::Name& name, SymbolId name_space) -> SymbolId {
  const auto found = definitions_.Find(name.text, name_space, Reference::Entity);
  // The type of actions is found too, but nothing is `in` an action or acts as one but actions.
  if (found && definitions_.IsDeclaredEntity(std::get<FoundEntityType>(*found).name)) return std::get<FoundEntityType>(*found).name;
  ReportUnknown(name, name_space, Reference::Entity);
  return {};
}

void TypeBuilder::ReportUnknown(const schema_ast::Name& name, SymbolId name_space, Reference reference) {
  auto& diagnostic =
      context_.sink.Report(DiagnosticCode::SchemaUnknownType, name.span, Describe(reference), context_.interner.text(name.text));
  if (context_.sink.dropped_count() == 0) {
    diagnostic.help = SuggestType(name, name_space, reference, definitions_, context_.interner);
  }
  has_errors_ = true;
}

}  // namespace remit
