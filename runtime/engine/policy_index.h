// The rows of a program by what their scopes say of actions, and within that by the entities they name.
//
// Immutable once built; what is made of it when a policy changes shares what stays. The action hierarchy is not looked at here: a request visits the buckets of its action and of that action's ancestors.
#pragma once

#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "runtime/engine/scope_index.h"

namespace remit {

// Rows with the same action test.
struct ActionBucket {
  std::vector<uint32_t> general;  // name no principal and no resource; ascending
  std::vector<uint32_t> scoped;  // the others; ascending
  std::shared_ptr<const ScopeIndex> index;  // of `scoped`; shared with what the program was before, where no row of it changed
};

class PolicyIndex {
 public:
  explicit PolicyIndex(const ir::Program& program);
  // Of a program that came of that of `former`: `stays` is ir::Amended's. A change makes those parts of the index anew that it touches.
  PolicyIndex(const ir::Program& program, const PolicyIndex& former, const std::vector<bool>& stays);

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
  using BucketMap = std::unordered_map<uint64_t, ActionBucket>;  // by action

  void AddRows(const ir::Program& program);
  void NameActions(const ir::ScopeTest& test);
  template <typename Visit>
  void ForEachBucket(Visit visit);

  ActionBucket any_;
  BucketMap equal_;
  BucketMap in_;
  std::vector<uint32_t> stateful_;
  std::unordered_set<SymbolId> types_;
};

}  // namespace remit
