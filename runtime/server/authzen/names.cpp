// The index of names and the rules by which one is chosen.
#include "runtime/server/authzen/names.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/base/text.h"
#include "runtime/entity/schema_hints.h"
#include "runtime/entity/validate_value.h"
#include "runtime/request/entity_uid_text.h"

namespace remit::authzen {
namespace {

auto Lower(std::string_view text) -> std::string {
  std::string lower(text);
  std::ranges::transform(lower, lower.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return lower;
}

auto LastPart(std::string_view name) -> std::string_view {
  const auto at = name.rfind("::");
  return at == std::string_view::npos ? name : name.substr(at + 2);
}

auto NamespaceOf(std::string_view name) -> std::string_view {
  const auto at = name.rfind("::");
  return at == std::string_view::npos ? std::string_view() : name.substr(0, at);
}

// The one that counts: as written, of the namespace, or the only one. `text_of`: namespace and name.
template <typename T, typename TextOf>
auto Choose(const std::vector<T>& found, std::string_view name, std::string_view name_space, TextOf text_of) -> const T* {
  const T* best = nullptr;
  int best_rank = 0;
  bool is_tie = false;
  for (const T& candidate : found) {
    const auto [of, text] = text_of(candidate);
    const bool is_there = of == name_space;
    const bool is_same = text == name;
    const int rank = 1 + (is_same ? 1 : 0) + (is_there ? 2 : 0);
    is_tie = rank == best_rank ? true : is_tie && rank < best_rank;
    if (rank > best_rank) best = &candidate, best_rank = rank;
  }
  return is_tie ? nullptr : best;
}

}  // namespace

Names::Names(const Mapping& mapping, const Snapshot& snapshot, const Interner& interner)
    : mapping_(mapping), policies_(snapshot.policies), interner_(interner) {
  if (const Schema* schema = policies_->schema()) {
    members_ = DeclaredMembers(*schema, interner);
    for (const auto& type : schema->entity_types) AddType(type.name);
    for (const auto& action : schema->actions) {
      if (!action.principal_types.empty() && !action.resource_types.empty()) AddAction(action.uid);
    }
  } else {
    AddNamedByPolicies();
    AddStored(*snapshot.entities);
  }
  NameActions();
}

void Names::AddType(SymbolId type) {
  if (seen_types_.insert(type.value).second) types_[Lower(LastPart(interner_.text(type)))].push_back(type);
}

void Names::AddAction(EntityUid action) {
  auto& found = action_index_[Lower(interner_.text(action.id))];
  if (std::ranges::find(found, action) != found.end()) return;
  found.push_back(action);
  actions_.push_back(action);
}

void Names::AddNamedByPolicies() {
  for (const auto& policy : policies_->program().policies) {
    for (const auto* test : {&policy.principal, &policy.resource}) {
      if (test->type.has_value()) AddType(test->type);
      for (const EntityUid uid : test->entities) AddType(uid.type);
    }
    for (const EntityUid uid : policy.action.entities) AddAction(uid);
  }
}

void Names::AddStored(const EntityStore& entities) {
  SymbolId last;
  bool are_actions = false;
  for (const Entity& entity : entities.entities()) {
    if (entity.uid.type != last) {
      last = entity.uid.type;
      are_actions = IsActionType(interner_.text(last));
      AddType(last);
    }
    if (are_actions) AddAction(entity.uid);
  }
}

// A rule's name first: it is what the deployment's own enforcement points say.
void Names::NameActions() {
  Interner overlay(&interner_);
  std::unordered_map<uint64_t, std::string> named;
  for (const auto& [name, rule] : mapping_.actions) {
    if (const auto uid = FindAction(name, overlay)) named.try_emplace(uid->packed(), name);
  }
  for (const EntityUid uid : actions_) {
    const auto it = named.find(uid.packed());
    const std::string_view id = it != named.end() ? std::string_view(it->second) : interner_.text(uid.id);
    const auto back = FindAction(id, overlay);
    action_names_.emplace_back(back && *back == uid ? id : std::string_view());
  }
}

auto Names::Described(std::string_view name, size_t found, std::string_view kind) const -> std::unexpected<Error> {
  const auto clipped = ClipText(std::string(name));
  if (found == 0) {
    return std::unexpected(Error{.code = fmt::format("unknown-{}", kind),
                                 .message = fmt::format("there is no {} like `{}`", kind == "type" ? "entity type" : "action", clipped),
                                 .pointer = {},
                                 .help = {}});
  }
  return std::unexpected(Error{.code = fmt::format("ambiguous-{}", kind),
                               .message = fmt::format("`{}` may stand for {} {}s", clipped, found, kind),
                               .pointer = {},
                               .help = "say which one in the mapping"});
}

auto Names::FindType(std::string_view name, Interner& interner) const -> Expected<SymbolId> {
  const auto* rule = mapping_.FindType(name);
  if (rule != nullptr && !rule->type.empty()) return interner.Intern(rule->type);
  const Schema* schema = policies_->schema();
  if (const SymbolId exact = interner_.Find(name); exact.has_value() && schema != nullptr && schema->FindEntityType(exact) != nullptr) {
    return exact;
  }
  const auto it = types_.find(Lower(LastPart(name)));
  const bool is_qualified = name.contains("::");
  if (it != types_.end()) {
    const auto name_space = is_qualified ? NamespaceOf(name) : std::string_view(mapping_.name_space);
    const auto* chosen = Choose(it->second, LastPart(name), name_space, [&](SymbolId type) {
      return std::pair(NamespaceOf(interner_.text(type)), LastPart(interner_.text(type)));
    });
    if (chosen == nullptr) return Described(name, it->second.size(), "type");
    if (!is_qualified || NamespaceOf(interner_.text(*chosen)) == name_space) return *chosen;
  }
  if (schema == nullptr && IsNormalizedName(name)) return interner.Intern(name);
  return Described(name, 0, "type");
}

auto Names::FindAction(std::string_view name, Interner& interner) const -> Expected<EntityUid> {
  const auto* rule = mapping_.FindAction(name);
  if (rule != nullptr && !rule->action.empty()) return ParseEntityUidText(rule->action, interner);
  const auto it = action_index_.find(Lower(name));
  if (it != action_index_.end()) {
    const auto* chosen = Choose(it->second, name, mapping_.name_space, [&](EntityUid action) {
      return std::pair(NamespaceOf(interner_.text(action.type)), interner_.text(action.id));
    });
    if (chosen == nullptr) return Described(name, it->second.size(), "action");
    return *chosen;
  }
  if (policies_->schema() != nullptr) return Described(name, 0, "action");
  const auto type = mapping_.name_space.empty() ? std::string("Action") : mapping_.name_space + "::Action";
  return EntityUid{.type = interner.Intern(type), .id = interner.Intern(name)};
}

}  // namespace remit::authzen
