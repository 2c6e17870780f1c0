#include "runtime/engine/plan.h"

#include <algorithm>

namespace remit {
namespace {

// Rows that name entities are listed up to this many; beyond, looking them up is faster.
constexpr size_t kMostListedScopedRows = 16;

auto MatchesType(const ir::ScopeTest& test, SymbolId type) -> bool {
  return (test.op != ir::ScopeOp::Is && test.op != ir::ScopeOp::IsIn) || test.type == type;
}

auto MatchesAction(const ir::ScopeTest& test, EntityUid action, std::span<const EntityUid> ancestors) -> bool {
  if (!MatchesType(test, action.type)) return false;
  if (test.op == ir::ScopeOp::Any || test.op == ir::ScopeOp::Is) return true;
  if (test.op == ir::ScopeOp::Eq) return test.entities[0] == action;
  return std::ranges::any_of(test.entities, [&](EntityUid each) { return each == action || std::ranges::binary_search(ancestors, each); });
}

class PlanMaker {
 public:
  PlanMaker(const ir::Program& program, const PolicyIndex& index, const RequestKind& kind, std::span<const EntityUid> ancestors)
      : program_(program), index_(index), kind_(kind), ancestors_(ancestors), plan_(std::make_unique<Plan>()) {
    plan_->kind = kind;
  }

  auto Make(const std::vector<const ActionBucket*>& buckets) -> std::unique_ptr<Plan> {
    const bool lists_scoped = ScopedRows(buckets) <= kMostListedScopedRows;
    if (const auto* environment = kind_.conforms ? FindEnvironment() : nullptr) {
      ListVariants(*environment, lists_scoped);
    } else {
      ListRows(buckets, lists_scoped);
    }
    eval::SortStateful(plan_->stateful);
    if (!lists_scoped) UseIndexes(buckets);
    MakeGroups();
    return std::move(plan_);
  }

 private:
  static auto ScopedRows(const std::vector<const ActionBucket*>& buckets) -> size_t {
    size_t count = 0;
    for (const auto* bucket : buckets) count += bucket->scoped.size();
    return count;
  }

  auto FindEnvironment() const -> const ir::Environment* {
    const auto it = std::ranges::find_if(program_.environments, [&](const ir::Environment& environment) {
      return environment.principal_type == kind_.principal_type && environment.action == kind_.action &&
             environment.resource_type == kind_.resource_type;
    });
    return it == program_.environments.end() ? nullptr : &*it;
  }

  auto CanMatch(const ir::Policy& policy) const -> bool {
    return MatchesType(policy.principal, kind_.principal_type) && MatchesType(policy.resource, kind_.resource_type) &&
           MatchesAction(policy.action, kind_.action, ancestors_);
  }

  // The schema's word on what can hold here: other rows are left out, and some have bodies of their own.
  void ListVariants(const ir::Environment& environment, bool with_scoped) {
    for (const uint32_t group : environment.groups) {
      for (const auto& variant : program_.groups[group]) {
        const auto& policy = program_.policies[variant.policy];
        if (!CanMatch(policy)) continue;
        if (ir::IsStateful(policy.effect)) {
          AddStateful(variant);
        } else if (with_scoped || !NamesEntity(policy)) {
          rows_.push_back(variant);
        }
      }
    }
  }

  void AddStateful(const ir::Variant& variant) {
    plan_->stateful.push_back(eval::ToStateful(program_, variant));
    plan_->is_stateful_scoped |= NamesEntity(program_.policies[variant.policy]);
  }

  void ListRows(const std::vector<const ActionBucket*>& buckets, bool with_scoped) {
    const auto list = [&](const std::vector<uint32_t>& rows) {
      for (const uint32_t row : rows) {
        const auto& policy = program_.policies[row];
        if (CanMatch(policy)) rows_.push_back({.policy = row, .body = policy.body});
      }
    };
    for (const auto* bucket : buckets) {
      list(bucket->general);
      if (with_scoped) list(bucket->scoped);
    }
    for (const uint32_t row : index_.stateful()) {
      if (CanMatch(program_.policies[row])) AddStateful({.policy = row, .body = program_.policies[row].body});
    }
  }

  void UseIndexes(const std::vector<const ActionBucket*>& buckets) {
    for (const auto* bucket : buckets) {
      if (!bucket->index->empty()) plan_->indexes.push_back(bucket->index.get());
    }
    plan_->may_repeat = plan_->indexes.size() > 1;
  }

  void MakeGroups() {
    std::ranges::sort(rows_, {}, &ir::Variant::policy);
    const auto repeated = std::ranges::unique(rows_, {}, &ir::Variant::policy);
    rows_.erase(repeated.begin(), repeated.end());
    for (const auto& [row, body] : rows_) {
      if (plan_->groups.empty() || plan_->groups.back().count == kMaxGroupBodies) plan_->groups.emplace_back();
      auto& group = plan_->groups.back();
      const auto bit = static_cast<uint8_t>(group.count++);
      group.rows[bit] = row;
      group.bodies[bit] = body;
      const auto& policy = program_.policies[row];
      if (policy.effect == ir::Effect::Forbid) group.forbids |= uint64_t{1} << bit;
      if (policy.effect > ir::Effect::Forbid) group.caps |= uint64_t{1} << bit;
      AddScope(group, policy.principal, bit, true);
      AddScope(group, policy.resource, bit, false);
    }
    if (plan_->groups.size() == 1 && plan_->indexes.empty() && !program_.has_statements()) plan_->only_group = &plan_->groups[0];
  }

  static void AddScope(PlanGroup& group, const ir::ScopeTest& test, uint8_t bit, bool is_principal) {
    if (test.entities.empty()) return;
    group.scoped.push_back(
        {.uid = test.entities[0].packed(), .bit = bit, .is_principal = is_principal, .is_exact = test.op == ir::ScopeOp::Eq});
  }

  const ir::Program& program_;
  const PolicyIndex& index_;
  const RequestKind& kind_;
  std::span<const EntityUid> ancestors_;
  std::unique_ptr<Plan> plan_;
  std::vector<ir::Variant> rows_;
};

auto HashOf(const RequestKind& kind) -> uint64_t {
  uint64_t hash = kind.action.packed() * AncestorSet::kMultiplier;
  hash = (hash ^ (hash >> 29) ^ kind.principal_type.value) * AncestorSet::kMultiplier;
  hash = (hash ^ (hash >> 29) ^ kind.resource_type.value ^ (uint64_t{kind.conforms} << 40)) * AncestorSet::kMultiplier;
  return hash ^ (hash >> 32);
}

}  // namespace

auto MakePlan(const ir::Program& program, const PolicyIndex& index, const RequestKind& kind, std::span<const EntityUid> ancestors)
    -> std::unique_ptr<Plan> {
  return PlanMaker(program, index, kind, ancestors).Make(index.BucketsFor(kind.action, ancestors));
}

PlanCache::PlanCache() : slots_(std::make_unique<std::atomic<Plan*>[]>(kSlots)) {}

auto PlanCache::Find(const RequestKind& kind) const -> Plan* {
  for (uint64_t at = HashOf(kind) % kSlots;; at = (at + 1) % kSlots) {
    Plan* plan = slots_[at].load(std::memory_order_acquire);
    if (plan == nullptr || plan->kind == kind) return plan;
  }
}

auto PlanCache::Keep(std::unique_ptr<Plan>& plan) -> Plan* {
  const std::lock_guard lock(mutex_);
  for (uint64_t at = HashOf(plan->kind) % kSlots;; at = (at + 1) % kSlots) {
    Plan* found = slots_[at].load(std::memory_order_relaxed);
    if (found != nullptr && found->kind == plan->kind) return found;
    if (found != nullptr) continue;
    if (plans_.size() == kMostPlans) return nullptr;
    plans_.push_back(std::move(plan));  // first: it may fail for want of memory
    slots_[at].store(plans_.back().get(), std::memory_order_release);
    return plans_.back().get();
  }
}

}  // namespace remit
