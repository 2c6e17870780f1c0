// What is decided ahead for one kind of request: which rows are left when principal type, action and resource type are known.
//
// Rows that name no entity, and those that do where there are few, are listed and evaluated in groups of up to 64, each one native function;
// the other rows are found by hash for each request. Plans are made when a kind is first asked for and kept, so that policies times kinds
// of request never take memory or time ahead.
#pragma once

#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "runtime/engine/policy_index.h"
#include "runtime/eval/stateful_row.h"
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

// An entity that a row's scope names. Types are decided by the kind of request.
struct ScopedRow {
  uint64_t uid;  // packed
  uint8_t bit;  // of the row in its group
  bool is_principal;
  bool is_exact;  // the entity itself, not those below it
};

// Up to 64 rows that are evaluated by one call.
struct PlanGroup {
  std::atomic<NativeGroup> code = nullptr;  // null: not compiled yet
  uint64_t forbids = 0;  // bit i: rows[i] is a forbid
  uint64_t caps = 0;  // likewise: an escalate or a restrict
  uint32_t count = 0;
  bool may_leave_out = false;  // a failed bit may mean a body that was too large to compile
  std::vector<ScopedRow> scoped;  // what has to be tested besides
  std::array<uint32_t, kMaxGroupBodies> rows;  // ascending; positions in Program::policies
  std::array<uint32_t, kMaxGroupBodies> bodies;  // parallel
};

struct Plan {
  RequestKind kind;
  std::deque<PlanGroup> groups;
  PlanGroup* only_group = nullptr;  // the one there is, if that and no index is all there is; never of a program with Remit's statements
  std::vector<eval::StatefulRow> stateful;  // budgets and breakers that requests of this kind may fall under, as they are claimed
  bool is_stateful_scoped = false;  // some of them name entities
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
