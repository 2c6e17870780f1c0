#include "runtime/engine/policy_index.h"

#include <algorithm>

namespace remit {
namespace {

void Add(ActionBucket& bucket, const ir::Policy& policy, uint32_t row) {
  auto& rows = NamesEntity(policy) ? bucket.scoped : bucket.general;
  // An action that is listed twice.
  if (rows.empty() || rows.back() != row) rows.push_back(row);
}

}  // namespace

PolicyIndex::PolicyIndex(const ir::Program& program) {
  AddRows(program);
  ForEachBucket([&](ActionBucket& bucket) { bucket.index = std::make_shared<const ScopeIndex>(program.policies, bucket.scoped); });
}

PolicyIndex::PolicyIndex(const ir::Program& program, const PolicyIndex& former, const std::vector<bool>& stays) {
  AddRows(program);
  const auto set_index = [&](ActionBucket& bucket, const ActionBucket* known) {
    const bool is_same =
        known != nullptr && bucket.scoped == known->scoped && std::ranges::all_of(bucket.scoped, [&](uint32_t row) { return stays[row]; });
    bucket.index = is_same ? known->index : std::make_shared<const ScopeIndex>(program.policies, bucket.scoped);
  };
  const auto set_indexes = [&](BucketMap& buckets, const BucketMap& known) {
    for (auto& [action, bucket] : buckets) {
      const auto it = known.find(action);
      set_index(bucket, it == known.end() ? nullptr : &it->second);
    }
  };
  set_index(any_, &former.any_);
  set_indexes(equal_, former.equal_);
  set_indexes(in_, former.in_);
}

void PolicyIndex::AddRows(const ir::Program& program) {
  for (uint32_t row = 0; row < program.policies.size(); ++row) {
    const auto& policy = program.policies[row];
    for (const auto* test : {&policy.principal, &policy.resource}) {
      if (test->op == ir::ScopeOp::Is || test->op == ir::ScopeOp::IsIn) types_.insert(test->type);
    }
    if (ir::IsStateful(policy.effect)) {
      stateful_.push_back(row);
      NameActions(policy.action);
      continue;
    }
    switch (policy.action.op) {
      case ir::ScopeOp::Any: Add(any_, policy, row); break;
      case ir::ScopeOp::Eq: Add(equal_[policy.action.entities[0].packed()], policy, row); break;
      case ir::ScopeOp::In:
        for (const EntityUid action : policy.action.entities) Add(in_[action.packed()], policy, row);
        break;
      case ir::ScopeOp::Is:
      case ir::ScopeOp::IsIn: any_.general.push_back(row); break;  // no policy text says this, programs can
    }
  }
  ForEachBucket([&](ActionBucket& bucket) {
    bucket.general.shrink_to_fit();
    bucket.scoped.shrink_to_fit();
  });
}

// Plans must tell these actions from others.
void PolicyIndex::NameActions(const ir::ScopeTest& test) {
  for (const EntityUid action : test.entities) (test.op == ir::ScopeOp::Eq ? equal_ : in_)[action.packed()];
}

template <typename Visit>
void PolicyIndex::ForEachBucket(Visit visit) {
  visit(any_);
  for (auto& [action, bucket] : equal_) visit(bucket);
  for (auto& [action, bucket] : in_) visit(bucket);
}

auto PolicyIndex::BucketsFor(EntityUid action, std::span<const EntityUid> ancestors) const -> std::vector<const ActionBucket*> {
  std::vector<const ActionBucket*> found = {&any_};
  const auto add = [&](const auto& buckets, EntityUid uid) {
    if (const auto it = buckets.find(uid.packed()); it != buckets.end()) found.push_back(&it->second);
  };
  add(equal_, action);
  add(in_, action);
  for (const EntityUid ancestor : ancestors) add(in_, ancestor);
  return found;
}

auto PolicyIndex::footprint() const -> size_t {
  size_t bytes = 0;
  const auto count = [&](const ActionBucket& bucket) {
    bytes += sizeof(bucket) + (bucket.general.capacity() + bucket.scoped.capacity()) * sizeof(uint32_t) + bucket.index->footprint();
  };
  count(any_);
  for (const auto& [action, bucket] : equal_) count(bucket);
  for (const auto& [action, bucket] : in_) count(bucket);
  return bytes;
}

}  // namespace remit
