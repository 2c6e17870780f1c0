#include "compiler/check/schema_view.h"

#include <algorithm>

#include "runtime/base/check.h"

namespace remit::check {

SchemaView::SchemaView(const Schema& schema, const Interner& interner, TypeTable& types)
    : schema_(schema), interner_(interner), types_(types), converted_(schema.types.size()) {
  ConvertEntityTypes();
  CloseTypes();
  CloseActions();
  ListEnvironments();
}

auto SchemaView::Convert(TypeId id) -> TypeRef {
  TypeRef& known = converted_[id.value];
  if (known.has_value()) return known;
  const remit::Type& type = schema_.type(id);
  TypeRef made;
  switch (type.kind) {
    case Kind::Set: made = types_.SetOf(Convert(type.element)); break;
    case Kind::Entity: made = type.entity_type.has_value() ? types_.EntityOf(type.entity_type) : types_.any_entity(); break;
    case Kind::Record: {
      std::vector<FieldType> fields;
      for (const auto& field : type.fields) fields.push_back({.key = field.key, .type = Convert(field.type), .required = field.required});
      made = types_.RecordOf(std::move(fields));
      break;
    }
    case Kind::Bool:
    case Kind::Long:
    case Kind::String:
    case Kind::Ip:
    case Kind::Decimal:
    case Kind::Datetime:
    case Kind::Duration:
    case Kind::Url:  // no schema declares it, nor those behind it
    case Kind::Path:
    case Kind::Email:
    case Kind::Command:
    case Kind::Semver: made = types_.OfKind(type.kind); break;
  }
  return converted_[id.value] = made;
}

void SchemaView::ConvertEntityTypes() {
  for (const auto& decl : schema_.entity_types) {
    attributes_[decl.name] = decl.attributes.has_value() ? Convert(decl.attributes) : types_.RecordOf({});
    if (decl.tags.has_value()) tags_[decl.name] = Convert(decl.tags);
    literals_[decl.name] = types_.EntityOf(decl.name);
  }
  for (const auto& action : schema_.actions) literals_[action.uid.type] = types_.EntityOf(action.uid.type);
}

void SchemaView::CloseTypes() {
  for (const auto& decl : schema_.entity_types) {
    auto& all = ancestors_[decl.name];
    std::vector<SymbolId> open(decl.parents.begin(), decl.parents.end());
    while (!open.empty()) {
      const SymbolId parent = open.back();
      open.pop_back();
      if (!all.insert(parent).second) continue;
      if (const auto* next = schema_.FindEntityType(parent)) open.insert(open.end(), next->parents.begin(), next->parents.end());
    }
  }
}

void SchemaView::CloseActions() {
  action_ancestors_.resize(schema_.actions.size());
  for (uint32_t i = 0; i < schema_.actions.size(); ++i) {
    const auto& action = schema_.actions[i];
    auto& all = action_ancestors_[i];
    std::vector<EntityUid> open(action.parents.begin(), action.parents.end());
    action_descendants_[action.uid.packed()].push_back(i);
    while (!open.empty()) {
      const EntityUid parent = open.back();
      open.pop_back();
      if (!all.insert(parent.packed()).second) continue;
      action_descendants_[parent.packed()].push_back(i);
      ancestors_[action.uid.type].insert(parent.type);
      if (const auto* next = schema_.FindAction(parent)) open.insert(open.end(), next->parents.begin(), next->parents.end());
    }
  }
}

void SchemaView::ListEnvironments() {
  for (const auto& action : schema_.actions) {
    Range range{.first = static_cast<uint32_t>(environments_.size())};
    const TypeRef context = action.context.has_value() ? Convert(action.context) : types_.RecordOf({});
    for (const SymbolId principal : action.principal_types) {
      for (const SymbolId resource : action.resource_types) {
        environments_.push_back({.principal = principal,
                                 .action = &action,
                                 .resource = resource,
                                 .principal_type = types_.EntityOf(principal),
                                 .action_type = types_.EntityOf(action.uid.type),
                                 .resource_type = types_.EntityOf(resource),
                                 .context_type = context});
      }
    }
    range.last = static_cast<uint32_t>(environments_.size());
    ranges_.push_back(range);
  }
}

auto SchemaView::TypeOfLiteral(EntityUid uid) const -> TypeRef {
  if (IsActionType(uid.type) && schema_.FindAction(uid) == nullptr) return {};
  const auto it = literals_.find(uid.type);
  return it == literals_.end() ? TypeRef{} : it->second;
}

auto SchemaView::AttributesOf(const Type& entity) const -> TypeRef {
  TypeRef all;
  for (const SymbolId name : entity.entity_types) {
    const auto it = attributes_.find(name);
    const TypeRef own = it == attributes_.end() ? types_.RecordOf({}) : it->second;
    // Records always have a permissive join.
    all = all.has_value() ? *types_.Join(all, own, Mode::Permissive) : own;
  }
  return all;
}

auto SchemaView::MayHaveAttribute(const Type& entity, SymbolId attr) const -> bool {
  if (entity.kind == TypeKind::AnyEntity) return true;
  return std::ranges::any_of(entity.entity_types, [&](SymbolId name) {
    const auto it = attributes_.find(name);
    if (it == attributes_.end()) return !IsActionType(name);  // actions have no attributes; of an undeclared type nothing is known
    return FindField(types_.at(it->second), attr) != nullptr;
  });
}

auto SchemaView::TagTypesOf(const Type& entity) const -> std::vector<TypeRef> {
  std::vector<TypeRef> found;
  const auto add = [&](SymbolId name) {
    const auto it = tags_.find(name);
    if (it != tags_.end() && std::ranges::find(found, it->second) == found.end()) found.push_back(it->second);
  };
  if (entity.kind == TypeKind::AnyEntity) {
    for (const auto& decl : schema_.entity_types) add(decl.name);
  } else {
    for (const SymbolId name : entity.entity_types) add(name);
  }
  return found;
}

auto SchemaView::MayBeIn(SymbolId descendant, SymbolId ancestor) const -> bool {
  if (descendant == ancestor) return true;
  const auto it = ancestors_.find(descendant);
  return it != ancestors_.end() && it->second.contains(ancestor);
}

auto SchemaView::MayBeIn(const Type& descendant, const Type& ancestor) const -> bool {
  return std::ranges::any_of(descendant.entity_types, [&](SymbolId below) {
    return std::ranges::any_of(ancestor.entity_types, [&](SymbolId above) { return MayBeIn(below, above); });
  });
}

auto SchemaView::IsActionIn(EntityUid descendant, EntityUid ancestor) const -> bool {
  if (descendant == ancestor) return true;
  const auto it = schema_.action_index.find(descendant.packed());
  return it != schema_.action_index.end() && action_ancestors_[it->second].contains(ancestor.packed());
}

auto SchemaView::ActionsIn(EntityUid uid) const -> std::vector<uint32_t> {
  const auto it = action_descendants_.find(uid.packed());
  return it == action_descendants_.end() ? std::vector<uint32_t>{} : it->second;
}

}  // namespace remit::check
