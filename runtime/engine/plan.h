// What is decided ahead for one kind of request: which rows are left when principal type, action and resource type are known.
//
// Rows that name no entity, and those that do where there are few, are listed and evaluated in groups of up to 64, each one native function;
// the other rows are found by hash for each request. Plans are made when a kind is first asked for and kept, so that policies times kinds
// of request never take memory or time ahead.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "runtime/engine/policy_index.h"
#include "runtime/native/native_compiler.h"

namespace remit {

// A principal or resource type that no scope tests, no schema and no layout knows, and an action that no scope can tell apart, are none: so
// callers cannot make more kinds than the policies distinguish.
struct RequestKind {
  SymbolId principal_type = {};
  EntityUid action = {};
  SymbolId resource_type = {};
  bool conforms = false;  // request and entities conform to the schema: specialised bodies are used

  friend auto operator==(const RequestKind&, const RequestKind&) -> bool = default;
};

// Up to 64 rows that are evaluated by one call.
struct PlanGroup {
  std::vector<uint32_t> rows;  // ascending; positions in Program::policies
  std::vector<uint32_t> bodies;  // parallel
  uint64_t forbids = 0;  // bit i: rows[i] is a forbid
  uint64_t scoped = 0;  // bit i: rows[i] names an entity, which has to be tested
  std::atomic<NativeGroup> code = nullptr;  // null: not compiled yet
  bool may_leave_out = false;  // a failed bit may mean a body that was too large to compile
};

struct Plan {
  RequestKind kind;
  std::vector<std::unique_ptr<PlanGroup>> groups;
  std::vector<const ScopeIndex*> indexes;
  bool may_repeat = false;  // a row may be found by more than one index
  std::unique_ptr<NativeModule> code;
};

// `kind` as it is known to the plan: `ancestors` are those of its action in the entity store.
auto MakePlan(const ir::Program& program, const PolicyIndex& index, const RequestKind& kind, std::span<const EntityUid> ancestors)
    -> std::unique_ptr<Plan>;

// Plans of one program and one action hierarchy. Readers take no lock.
class PlanCache {
 public:
  PlanCache();

  auto Find(const RequestKind& kind) const -> Plan*;
  // The plan that is kept: `plan`, or the one that was there before. Null if the cache is full: then `plan` is the caller's.
  auto Keep(std::unique_ptr<Plan>& plan) -> Plan*;
  auto size() const -> size_t { return plans_.size(); }

 private:
  static constexpr size_t kMostPlans = 8192;
  static constexpr size_t kSlots = 4 * kMostPlans;

  std::unique_ptr<std::atomic<Plan*>[]> slots_;
  std::mutex mutex_;  // of `plans_` and of writing slots
  std::vector<std::unique_ptr<Plan>> plans_;
};

}  // namespace remit
