// Actions of a document against those of the schema: the same ancestors, no more and no fewer.
//
// What a document says of one action counts together with what it says of the others, but not with what the schema says: as in Cedar, `a` in `b` is
// incomplete if the schema has `b` in `c` and the document does not.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "runtime/entity/schema_hints.h"
#include "runtime/entity/validate_entity.h"

namespace remit {
namespace {

using Uids = std::unordered_set<uint64_t>;

// All that can be reached by `parents_of`, until `visit` says no.
template <typename ParentsOf, typename Visit>
auto VisitAncestors(EntityUid start, ParentsOf parents_of, Visit visit) -> Uids {
  Uids seen;
  std::vector<EntityUid> pending = {start};
  while (!pending.empty()) {
    const EntityUid uid = pending.back();
    pending.pop_back();
    for (const EntityUid parent : parents_of(uid)) {
      if (!seen.insert(parent.packed()).second) continue;
      if (!visit(parent)) return seen;
      pending.push_back(parent);
    }
  }
  return seen;
}

class ActionComparer {
 public:
  ActionComparer(const Schema& schema, const Interner& interner, std::span<const Entity> actions) : schema_(schema), interner_(interner) {
    for (const Entity& action : actions) listed_.emplace(action.uid.packed(), action.parents);
  }

  auto Compare(const Entity& action) const -> std::optional<Error> {
    const auto declared = VisitAncestors(
        action.uid,
        [&](EntityUid uid) -> std::span<const EntityUid> {
          const auto* decl = schema_.FindAction(uid);
          return decl == nullptr ? std::span<const EntityUid>{} : std::span<const EntityUid>(decl->parents);
        },
        [](EntityUid) { return true; });
    std::optional<EntityUid> extra;
    const auto listed = VisitAncestors(
        action.uid,
        [&](EntityUid uid) {
          const auto it = listed_.find(uid.packed());
          return it == listed_.end() ? std::span<const EntityUid>{} : it->second;
        },
        [&](EntityUid ancestor) {
          if (declared.contains(ancestor.packed())) return true;
          extra = ancestor;
          return false;
        });
    if (extra) return Refuse(action.uid, "is not in", *extra);
    if (listed.size() == declared.size()) return std::nullopt;
    const auto missing = std::ranges::find_if(declared, [&](uint64_t ancestor) { return !listed.contains(ancestor); });
    return Refuse(action.uid, "is also in", Unpack(*missing));
  }

 private:
  static auto Unpack(uint64_t packed) -> EntityUid {
    return {.type = {static_cast<uint32_t>(packed >> 32)}, .id = {static_cast<uint32_t>(packed)}};
  }

  auto Refuse(EntityUid action, std::string_view relation, EntityUid ancestor) const -> Error {
    return {.code = "action-mismatch",
            .message = fmt::format("the definition of action `{}` does not match its schema declaration: there it {} `{}`",
                                   ClipText(FormatEntityUid(action, interner_)), relation, ClipText(FormatEntityUid(ancestor, interner_))),
            .pointer = "/parents",
            .help = "leave the action out of the entities: the schema's actions are always there"};
  }

  const Schema& schema_;
  const Interner& interner_;
  std::unordered_map<uint64_t, std::span<const EntityUid>> listed_;
};

}  // namespace

auto FindActionMismatches(const Schema& schema, const Interner& interner, std::span<const Entity> actions) -> std::vector<ActionMismatch> {
  const ActionComparer comparer(schema, interner, actions);
  std::vector<ActionMismatch> mismatches;
  for (size_t i = 0; i < actions.size(); ++i) {
    if (auto error = comparer.Compare(actions[i])) mismatches.push_back({.index = i, .error = std::move(*error)});
  }
  return mismatches;
}

}  // namespace remit
