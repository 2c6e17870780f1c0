#include "runtime/entity/validate_entity.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "runtime/base/json_pointer.h"
#include "runtime/entity/schema_hints.h"
#include "runtime/entity/validate_value.h"

namespace remit {
namespace {

auto Refuse(std::string code, std::string message, std::string pointer, std::string help) -> std::unexpected<Error> {
  return std::unexpected(
      Error{.code = std::move(code), .message = std::move(message), .pointer = std::move(pointer), .help = std::move(help)});
}

// What may be in what, breadth first. Iterative, for a chain of types can be long.
auto FindAncestorType(const Schema& schema, const EntityTypeDecl& start, SymbolId ancestor) -> bool {
  std::vector<SymbolId> pending = start.parents;
  std::unordered_set<SymbolId> seen(pending.begin(), pending.end());
  while (!pending.empty()) {
    const SymbolId name = pending.back();
    pending.pop_back();
    if (name == ancestor) return true;
    const auto* type = schema.FindEntityType(name);
    if (type == nullptr) continue;
    for (const SymbolId parent : type->parents) {
      if (seen.insert(parent).second) pending.push_back(parent);
    }
  }
  return false;
}

}  // namespace

auto EntityValidator::Check(const Entity& entity, KnownParts known) -> Expected<void> {
  const TypeFacts facts = types_.Of(entity.uid.type);  // a copy: parents may take its place
  const auto* type = facts.decl;
  if (type == nullptr) {
    if (facts.is_action) return CheckAction(entity);
    return Refuse("undeclared-entity-type",
                  fmt::format("entity `{}` has type `{}`, which is not declared in the schema",
                              ClipText(FormatEntityUid(entity.uid, interner_)), ClipText(std::string(interner_.text(entity.uid.type)))),
                  "/uid", SuggestEntityType(schema_, entity.uid.type, interner_));
  }
  auto checked = facts.has_any_id() ? Expected<void>{} : ValidateUid(schema_, interner_, entity.uid);
  if (!checked) {
    checked.error().pointer = "/uid";
    return checked;
  }
  if (known.attrs && (!entity.attrs.empty() || facts.needs_attributes)) checked = CheckAttributes(entity, *type);
  if (checked && known.parents && !entity.parents.empty()) checked = CheckParents(entity, *type);
  if (checked && known.tags && !entity.tags.empty()) checked = CheckTags(entity, *type);
  return checked;
}

auto EntityValidator::CheckAttributes(const Entity& entity, const EntityTypeDecl& type) const -> Expected<void> {
  auto checked = ValidateRecord(schema_, interner_, entity.attrs, schema_.type(type.attributes));
  if (!checked) return Nonconforming(entity, "/attrs", std::move(checked.error()));
  return {};
}

auto EntityValidator::CheckTags(const Entity& entity, const EntityTypeDecl& type) const -> Expected<void> {
  for (const Field& tag : entity.tags) {
    const auto key = interner_.text(tag.key);
    const auto pointer = "/tags" + PointerStep(key);
    if (!type.tags.has_value()) {
      return Refuse("unexpected-tag",
                    fmt::format("found a tag `{}` on `{}`, but no tags should exist on it according to the schema",
                                ClipText(std::string(key)), ClipText(FormatEntityUid(entity.uid, interner_))),
                    pointer, fmt::format("`{}` is declared without `tags`", interner_.text(type.name)));
    }
    auto checked = ValidateValue(schema_, interner_, tag.value, type.tags);
    if (checked) continue;
    if (checked.error().pointer.empty()) {
      checked.error().message = fmt::format("tag `{}`: {}", ClipText(std::string(key)), checked.error().message);
    }
    return Nonconforming(entity, pointer, std::move(checked.error()));
  }
  return {};
}

auto EntityValidator::Nonconforming(const Entity& entity, std::string_view place, Error error) const -> Expected<void> {
  error.message = fmt::format("`{}` does not conform to its type: {}", ClipText(FormatEntityUid(entity.uid, interner_)), error.message);
  error.pointer = std::string(place) + error.pointer;
  return std::unexpected(std::move(error));
}

auto EntityValidator::CheckParents(const Entity& entity, const EntityTypeDecl& type) -> Expected<void> {
  SymbolId fine;  // whatever the id
  for (size_t i = 0; i < entity.parents.size(); ++i) {
    const EntityUid parent = entity.parents[i];
    if (parent.type == fine) continue;
    if (types_.Of(parent.type).has_any_id() && MayBeIn(type, parent.type)) {
      fine = parent.type;
      continue;
    }
    auto checked = ValidateUid(schema_, interner_, parent);
    if (checked && MayBeIn(type, parent.type)) continue;
    const auto pointer = fmt::format("/parents/{}", i);
    if (!checked) {
      checked.error().pointer = pointer;
      return checked;
    }
    const auto name = interner_.text(type.name);
    return Refuse("parent-not-allowed",
                  fmt::format("`{}` is not allowed to be in `{}`: the schema lets no `{}` be in a `{}`",
                              ClipText(FormatEntityUid(entity.uid, interner_)), ClipText(FormatEntityUid(parent, interner_)), name,
                              ClipText(std::string(interner_.text(parent.type)))),
                  pointer,
                  type.parents.empty() ? fmt::format("`{}` is declared without `in`", name)
                                       : fmt::format("it may be in {}", ListNames(type.parents, interner_)));
  }
  return {};
}

auto EntityValidator::MayBeIn(const EntityTypeDecl& type, SymbolId ancestor) -> bool {
  const uint64_t pair = (uint64_t{type.name.value} << 32) | ancestor.value;
  if (pair == last_allowed_) return true;
  bool may = std::ranges::binary_search(type.parents, ancestor);
  if (!may) {
    const auto [known, is_new] = may_be_in_.try_emplace(pair);
    if (is_new) known->second = FindAncestorType(schema_, type, ancestor);
    may = known->second;
  }
  if (may) last_allowed_ = pair;
  return may;
}

auto EntityValidator::CheckAction(const Entity& entity) const -> Expected<void> {
  if (auto declared = ValidateUid(schema_, interner_, entity.uid); !declared) {
    declared.error().pointer = "/uid";
    return declared;
  }
  if (entity.attrs.empty() && entity.tags.empty()) return {};
  return Refuse("action-mismatch",
                fmt::format("the definition of action `{}` does not match its schema declaration: actions have no {}",
                            ClipText(FormatEntityUid(entity.uid, interner_)), entity.attrs.empty() ? "tags" : "attributes"),
                entity.attrs.empty() ? "/tags" : "/attrs", "leave the action out of the entities: the schema's actions are always there");
}

auto ValidateEntities(const Schema& schema, const Interner& interner, std::span<const Entity> entities) -> Expected<void> {
  EntityValidator validator(schema, interner);
  std::vector<Entity> actions;
  std::vector<size_t> positions;
  for (size_t i = 0; i < entities.size(); ++i) {
    if (auto checked = validator.Check(entities[i]); !checked) {
      checked.error().pointer = fmt::format("/{}{}", i, checked.error().pointer);
      return checked;
    }
    if (schema.FindAction(entities[i].uid) == nullptr) continue;
    actions.push_back(entities[i]);
    positions.push_back(i);
  }
  auto mismatches = FindActionMismatches(schema, interner, actions);
  if (mismatches.empty()) return {};
  Error& error = mismatches.front().error;
  error.pointer = fmt::format("/{}{}", positions[mismatches.front().index], error.pointer);
  return std::unexpected(std::move(error));
}

}  // namespace remit
