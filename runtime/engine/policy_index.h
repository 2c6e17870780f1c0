// The rows of a program by what their scopes say of actions, and within that by the entities they name.
//
// Immutable once built. The action hierarchy is not looked at here: a request visits the buckets of its action and of that action's ancestors.
#pragma once

#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "runtime/engine/scope_index.h"

namespace remit {

// Rows with the same action test.
struct ActionBucket {
  std::vector<uint32_t> general;  // name no principal and no resource; ascending
  std::vector<uint32_t> scoped;  // the others; ascending
  ScopeIndex index;  // of `scoped`
};

class PolicyIndex {
 public:
  explicit PolicyIndex(const ir::Program& program);

  // Buckets that concern an action, given its ancestors. A row with several actions is in several.
  auto BucketsFor(EntityUid action, std::span<const EntityUid> ancestors) const -> std::vector<const ActionBucket*>;

  // Whether a scope names this action, so that it, or what is below it, may be told apart from others.
  auto NamesAction(EntityUid action) const -> bool { return equal_.contains(action.packed()) || in_.contains(action.packed()); }
  // Budgets and breakers, ascending: few, decided before the others, and in no bucket.
  auto stateful() const -> const std::vector<uint32_t>& { return stateful_; }
  // Types that some scope tests.
  auto types() const -> const std::unordered_set<SymbolId>& { return types_; }

  auto footprint() const -> size_t;

 private:
  void NameActions(const ir::ScopeTest& test);
  template <typename Visit>
  void ForEachBucket(Visit visit);

  ActionBucket any_;
  std::unordered_map<uint64_t, ActionBucket> equal_;
  std::unordered_map<uint64_t, ActionBucket> in_;
  std::vector<uint32_t> stateful_;
  std::unordered_set<SymbolId> types_;
};

}  // namespace remit
