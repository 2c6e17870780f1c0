#include "compiler/partial/known_entities.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

namespace remit::partial {

auto KnownEntities::PartsOf(EntityUid uid) const -> KnownParts {
  constexpr KnownParts kNothing = {.attrs = false, .tags = false, .parents = false};
  if (parts_ == nullptr) return {};
  if (const auto it = parts_->find(uid.packed()); it != parts_->end()) return it->second;
  return store_.Find(uid) != nullptr ? KnownParts{} : kNothing;
}

// Known parents can only be added to, so `true` stays true; `false` is final if nobody on the way up has unknown parents that the schema
// would let lead there.
auto KnownEntities::IsIn(EntityUid descendant, EntityUid ancestor) const -> std::optional<bool> {
  if (store_.IsIn(descendant, ancestor)) return true;
  if (is_complete()) return false;
  const auto may_lead_there = [&](EntityUid uid) { return !PartsOf(uid).parents && MayBeBelow(uid.type, ancestor.type); };
  if (may_lead_there(descendant) || std::ranges::any_of(store_.AncestorsOf(descendant), may_lead_there)) return std::nullopt;
  return false;
}

auto KnownEntities::MayBeBelow(SymbolId descendant, SymbolId ancestor) const -> bool {
  const auto [entry, is_new] = may_be_below_.try_emplace({descendant, ancestor}, false);
  if (!is_new) return entry->second;
  std::vector<SymbolId> pending = {descendant};
  std::unordered_set<SymbolId> seen;
  while (!pending.empty()) {
    const auto* type = schema_.FindEntityType(pending.back());
    pending.pop_back();
    if (type == nullptr) continue;
    for (const SymbolId parent : type->parents) {
      if (parent == ancestor) return entry->second = true;
      if (seen.insert(parent).second) pending.push_back(parent);
    }
  }
  return false;
}

}  // namespace remit::partial
