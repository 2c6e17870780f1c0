#include "runtime/native/layout_hints.h"

#include <algorithm>

namespace remit {

class LayoutHints::Builder {
 public:
  auto Take() -> LayoutHints { return std::move(hints_); }

  void AddSchema(const Schema& schema) {
    for (const auto& declaration : schema.entity_types)
      hints_.entity_types_.emplace(declaration.name, OfType(schema, declaration.attributes));
    for (const auto& action : schema.actions) hints_.contexts_.emplace(action.uid.packed(), OfType(schema, action.context));
  }

  void AddSample(const Entity& entity) {
    const auto [it, is_new] = hints_.entity_types_.try_emplace(entity.uid.type);
    if (is_new) it->second = OfSample(entity.attrs, 0);
  }

 private:
  auto Add(Layout layout) -> LayoutId {
    hints_.layouts_.push_back(std::move(layout));
    return {static_cast<uint32_t>(hints_.layouts_.size() - 1)};
  }

  // Types are a tree once resolved, except that one may occur in several places.
  auto OfType(const Schema& schema, TypeId id) -> LayoutId {
    if (!id.has_value() || schema.type(id).kind != Kind::Record) return {};
    if (const auto known = of_type_.find(id); known != of_type_.end()) return known->second;
    Layout layout;
    for (const auto& field : schema.type(id).fields) {
      const auto& type = schema.type(field.type);
      layout.push_back({.key = field.key,
                        .required = field.required,
                        .kind = type.kind,
                        .entity_type = type.entity_type,
                        .record = OfType(schema, field.type)});
    }
    return of_type_[id] = Add(std::move(layout));
  }

  // Data nests deeper than anybody writes attribute chains.
  auto OfSample(RecordView record, uint32_t depth) -> LayoutId {
    constexpr uint32_t kMaxDepth = 8;
    constexpr size_t kMaxFields = 256;
    if (depth == kMaxDepth || record.size() > kMaxFields) return {};
    Layout layout;
    for (const auto& [key, value] : record) {
      layout.push_back({.key = key, .kind = value.kind()});
      if (value.is(Kind::Entity)) layout.back().entity_type = value.as_entity().type;
      if (value.is(Kind::Record)) layout.back().record = OfSample(value.as_record(), depth + 1);
    }
    return Add(std::move(layout));
  }

  LayoutHints hints_;
  std::unordered_map<TypeId, LayoutId> of_type_;
};

auto LayoutHints::FromSchema(const Schema& schema) -> LayoutHints {
  Builder builder;
  builder.AddSchema(schema);
  return builder.Take();
}

auto LayoutHints::FromEntities(const EntityStore& entities) -> LayoutHints {
  Builder builder;
  for (const auto& entity : entities.entities()) builder.AddSample(entity);
  return builder.Take();
}

auto LayoutHints::OfEntityType(SymbolId type) const -> LayoutId {
  const auto it = entity_types_.find(type);
  return it == entity_types_.end() ? LayoutId{} : it->second;
}

auto LayoutHints::OfContext(EntityUid action) const -> LayoutId {
  const auto it = contexts_.find(action.packed());
  return it == contexts_.end() ? LayoutId{} : it->second;
}

auto LayoutHints::Find(LayoutId layout, SymbolId key) const -> std::optional<PositionHint> {
  if (!layout.has_value()) return std::nullopt;
  const auto& fields = layouts_[layout.value];
  const auto it = std::ranges::lower_bound(fields, key, {}, &FieldHint::key);
  const auto required = static_cast<uint32_t>(std::count_if(fields.begin(), it, [](const FieldHint& field) { return field.required; }));
  return PositionHint{.first = required,
                      .last = static_cast<uint32_t>(it - fields.begin()),
                      .field = it != fields.end() && it->key == key ? &*it : nullptr};
}

}  // namespace remit
