#include "runtime/engine/session.h"

#include <algorithm>
#include <bit>

#include "runtime/base/check.h"

namespace remit {

Session::Session(Engine& engine) : engine_(engine), reader_(engine.snapshots()) {
  frame_.calls = GetNativeCalls();
  frame_.arena = &arena_;
  frame_.max_loop_work = engine.options().limits.max_loop_work;
  Pin();
}

Session::~Session() = default;

auto Session::Pin() -> const Snapshot& {
  const Snapshot& current = reader_.Pin();
  if (&current != snapshot_) UseSnapshot(current);
  return current;
}

void Session::UseSnapshot(const Snapshot& snapshot) {
  const SnapshotHead& head = reader_.head();
  const bool is_step = snapshot_ != nullptr && head.base <= number_;
  snapshot_ = &snapshot;
  number_ = head.number;
  UseStore(head.store);
  if (is_step) return;
  frame_.program = &snapshot.policies->program();
  frame_.constants = frame_.program->constants.data();
  is_borrowing_ = true;
  own_plan_.reset();
}

void Session::UseStore(const StoreView& store) {
  store_ = store.store;
  SetEntities(frame_, store);
}

void Session::UseSymbols(const Interner& interner) {
  interner_ = &interner;
  frame_.interner = &interner;
}

void Session::Release() {
  snapshot_ = nullptr;
  view_ = {};
  reader_.Release();
}

// ---- what a request comes to in the snapshot -------------------------------------------------------------------------

auto Session::KindOf(const Request& request, bool conforms) const -> RequestKind {
  const auto& policies = *snapshot_->policies;
  const Schema* schema = policies.schema();
  const auto type_of = [&](EntityUid uid, const Entity* entity) {
    const bool is_known = entity != nullptr || policies.index().types().contains(uid.type) ||
                          (schema != nullptr && schema->FindEntityType(uid.type) != nullptr);
    return is_known ? uid.type : SymbolId{};
  };
  const bool is_action_known = frame_.request.action_entity != nullptr || policies.index().NamesAction(request.action) ||
                               (schema != nullptr && schema->FindAction(request.action) != nullptr);
  return {.principal_type = type_of(request.principal, frame_.request.principal_entity),
          .action = is_action_known ? request.action : EntityUid{},
          .resource_type = type_of(request.resource, frame_.request.resource_entity),
          .conforms = conforms && snapshot_->entities_conform && schema != nullptr};
}

void Session::Resolve(PreparedRequest& prepared) {
  const bool is_step = prepared.snapshot_ >= reader_.head().base && prepared.snapshot_ < number_;
  is_step ? Refind(prepared) : ResolveAnew(prepared);
  prepared.snapshot_ = number_;  // last: nothing of this counts if memory runs out on the way
}

// Of the three entities, those that were not there or were replaced. The others are where they were: what tells is in the line that is read next, so that
// this takes next to nothing.
void Session::Refind(PreparedRequest& prepared) {
  NativeRequest& native = prepared.native_;
  const auto find = [&](const Entity*& entity, EntityUid uid, uint32_t& hint) {
    if (entity != nullptr && !entity->replaced.is_set()) [[likely]]
      return;
    const EntityStore& entities = *reader_.head().store.store;
    entity = entities.Find(Value::OfEntity(uid, hint));
    if (hint == 0) hint = entities.RowHint(uid);
  };
  find(native.principal_entity, prepared.request_.principal, prepared.row_hints_[0]);
  find(native.action_entity, prepared.request_.action, prepared.row_hints_[1]);
  find(native.resource_entity, prepared.request_.resource, prepared.row_hints_[2]);
}

void Session::ResolveAnew(PreparedRequest& prepared) {
  const auto& entities = *snapshot_->entities;
  const auto find = [&](EntityUid uid, uint32_t& hint) {
    const Entity* entity = entities.Find(Value::OfEntity(uid, hint));
    if (hint == 0) hint = entities.RowHint(uid);
    return entity;
  };
  const Request& request = prepared.request_;
  const Entity* principal = find(request.principal, prepared.row_hints_[0]);
  const Entity* action = find(request.action, prepared.row_hints_[1]);
  prepared.native_ = ToNative(request, principal, action, find(request.resource, prepared.row_hints_[2]));
  const Schema* schema = snapshot_->policies->schema();
  const bool is_valid = schema != nullptr && prepared.schema_.get() == schema;
  const bool conforms = is_valid && snapshot_->entities_conform;
  const bool is_from_here = !prepared.plans_.owner_before(snapshot_->plans) && !snapshot_->plans.owner_before(prepared.plans_);
  if (!is_from_here || prepared.conforms_ != conforms || prepared.plan_ == nullptr) {
    frame_.request = prepared.native_;
    prepared.plan_ = &engine_.PlanFor(*snapshot_, KindOf(request, is_valid), prepared.own_plan_);
    prepared.conforms_ = conforms;
    prepared.plans_ = snapshot_->plans;
  }
}

// ---- deciding --------------------------------------------------------------------------------------------------------

auto Session::Decide(PreparedRequest& prepared, const DecideOptions& options) -> const DecisionView& {
  Pin();
  arena_.Reset();
  if (prepared.snapshot_ != number_) [[unlikely]]
    Resolve(prepared);
  if (is_borrowing_) [[unlikely]]
    StopBorrowing();
  request_ = &prepared.request_;
  frame_.request = prepared.native_;
  SetTime(options);
  Run(*prepared.plan_, options);
  return view_;
}

void Session::StopBorrowing() {
  UseStore(reader_.head().store);
  UseSymbols(engine_.interner());
  is_borrowing_ = false;
}

// Whether an action has the same ancestors in these entities as in the snapshot's, which plans were made for.
auto Session::HasActionOf(const EntityStore& entities, EntityUid action) const -> bool {
  const Entity* own = entities.Find(action);
  const Entity* base = snapshot_->entities->Find(action);
  if (own == base) return true;
  if (own == nullptr || base == nullptr) return (own == nullptr ? base : own)->parents.empty();
  if (own->ancestors != nullptr && own->ancestors == base->ancestors) return true;
  return entities.AncestorsOf(action) == snapshot_->entities->AncestorsOf(action);
}

auto Session::Decide(const Request& request, const Interner& interner, const EntityStore* entities, bool conforms,
                     const DecideOptions& options) -> const DecisionView& {
  if (snapshot_ == nullptr) Pin();
  if (!options.delegation.empty()) {
    DecideChain(request, interner, entities, conforms, options);
    return view_;
  }
  const EntityStore& store = entities != nullptr ? *entities : *snapshot_->entities;
  if (store_ != &store || entities != nullptr) UseStore(ViewOf(store));
  UseSymbols(interner);
  is_borrowing_ = true;
  own_request_ = request;
  request_ = &own_request_;
  frame_.request = ToNative(request, store.Find(request.principal), store.Find(request.action), store.Find(request.resource));
  SetTime(options);
  const RequestKind kind = KindOf(request, conforms);
  if (entities == nullptr || HasActionOf(*entities, request.action)) {
    Run(engine_.PlanFor(*snapshot_, kind, own_plan_), options);
  } else {
    const auto& policies = *snapshot_->policies;
    own_plan_ = MakePlan(policies.program(), policies.index(), kind, entities->AncestorsOf(request.action));
    Run(*own_plan_, options);
  }
  return view_;
}

inline void Session::SetTime(const DecideOptions& options) {
  frame_.has_now = options.now.has_value() ? 1 : 0;
  if (options.now) frame_.now = options.now->millis;
}

inline void Session::Run(const Plan& plan, const DecideOptions& options) {
  failed_.clear();
  with_statements_ = false;
  const bool is_cedar = options.world == nullptr && plan.only_group != nullptr;
  if (!is_cedar || !RunOnlyGroup(*plan.only_group)) RunAll(plan, options);
}

void Session::RunAll(const Plan& plan, const DecideOptions& options) {
  if (options.world != nullptr || frame_.program->has_statements()) return RunStatements(plan, options.world);
  RunRows(plan, options.outcome_only);
  Finish();
}

void Session::RunRows(const Plan& plan, bool outcome_only) {
  for (auto* rows : {&permits_, &forbids_, &caps_}) rows->clear();
  for (const auto& group : plan.groups) {
    Keep(group, RunGroup(group));
    if (outcome_only && !forbids_.empty()) break;
  }
  if (!plan.indexes.empty()) RunIndexes(plan, outcome_only);
  SortRows(plan);
}

// The usual decision: one call, no failures. False if there were any; nothing is kept then.
inline auto Session::RunOnlyGroup(const PlanGroup& group) -> bool {
  const GroupResult result = RunGroup(group);
  if (result.failed != 0) [[unlikely]]
    return false;
  const uint64_t forbids = result.satisfied & group.forbids;
  // Up to two rows are kept without a branch that depends on how many there are.
  uint64_t bits = forbids != 0 ? forbids : result.satisfied;
  const auto first = [&] { return group.rows[static_cast<uint32_t>(std::countr_zero(bits)) % kMaxGroupBodies]; };
  uint32_t count = bits != 0 ? 1 : 0;
  few_rows_[0] = first();
  bits &= bits - 1;
  count += bits != 0 ? 1 : 0;
  few_rows_[1] = first();
  for (bits &= bits - 1; bits != 0; bits &= bits - 1) few_rows_[count++] = first();
  view_.outcome = forbids == 0 && result.satisfied != 0 ? Outcome::Execute : Outcome::Deny;
  view_.determining = {few_rows_.data(), count};
  view_.failed = {};
  return true;
}

// Bit i: the request's principal and resource are what row i asks for.
auto Session::AppliesOf(const PlanGroup& group) const -> uint64_t {
  uint64_t applies = ~uint64_t{0};
  for (const auto& row : group.scoped) {
    if ((row.is_principal ? frame_.request.principal : frame_.request.resource) == row.uid) continue;
    const Entity* entity = row.is_principal ? frame_.request.principal_entity : frame_.request.resource_entity;
    if (row.is_exact || !store_->IsBelow(entity, EntityUid::FromPacked(row.uid))) applies &= ~(uint64_t{1} << row.bit);
  }
  return applies;
}

inline auto Session::RunGroup(const PlanGroup& group) -> GroupResult {
  const uint64_t applies = group.scoped.empty() ? ~uint64_t{0} : AppliesOf(group);
  const NativeGroup code = group.code.load(std::memory_order_acquire);
  if (code == nullptr) [[unlikely]]
    return RunOneByOne(group, applies);
  GroupResult result = code(&frame_);
  result.satisfied &= applies;
  result.failed &= applies;
  return result.failed != 0 && group.may_leave_out ? RunLeftOut(group, result) : result;
}

auto Session::RunOneByOne(const PlanGroup& group, uint64_t applies) -> GroupResult {
  GroupResult result = {};
  for (uint32_t i = 0; i < group.count; ++i) {
    if ((applies >> i & 1) == 0) continue;
    const BodyResult body = RunBody(group.bodies[i]);
    (body == BodyFailed ? result.failed : result.satisfied) |= uint64_t{body != BodyNotSatisfied} << i;
  }
  return result;
}

// Bodies that are too large for native code answer that they failed.
auto Session::RunLeftOut(const PlanGroup& group, GroupResult result) -> GroupResult {
  for (uint64_t bits = std::exchange(result.failed, 0); bits != 0; bits &= bits - 1) {
    const auto i = static_cast<uint32_t>(std::countr_zero(bits));
    const BodyResult body = Interpret(group.bodies[i]);
    (body == BodyFailed ? result.failed : result.satisfied) |= uint64_t{body != BodyNotSatisfied} << i;
  }
  return result;
}

auto Session::RunBody(uint32_t body) -> BodyResult {
  const auto& policies = *snapshot_->policies;
  if (policies.IsUnconditional(body)) return BodySatisfied;
  const NativeBody code = policies.CodeOf(body);
  if (code == nullptr) return Interpret(body);
  const auto result = static_cast<BodyResult>(code(&frame_, policies.shapes().literals_of(body)));
  return result == BodyFailed && policies.may_leave_out() ? Interpret(body) : result;
}

auto Session::Interpret(uint32_t body) -> BodyResult {
  ++interpreted_;
  const auto value = Evaluate(*frame_.program, body, Input());
  if (!value) return BodyFailed;
  return value->as_bool() ? BodySatisfied : BodyNotSatisfied;
}

void Session::Keep(const PlanGroup& group, GroupResult result) {
  const auto keep = [&](std::vector<uint32_t>& rows, uint64_t bits) {
    for (; bits != 0; bits &= bits - 1) rows.push_back(group.rows[static_cast<uint32_t>(std::countr_zero(bits))]);
  };
  keep(permits_, result.satisfied & ~(group.forbids | group.caps));
  keep(forbids_, result.satisfied & group.forbids);
  keep(caps_, result.satisfied & group.caps);
  for (uint64_t bits = result.failed; bits != 0; bits &= bits - 1) {
    const auto i = static_cast<uint32_t>(std::countr_zero(bits));
    failed_.push_back({.row = group.rows[i], .body = group.bodies[i]});
  }
}

void Session::RunIndexes(const Plan& plan, bool outcome_only) {
  const auto& policies = frame_.program->policies;
  for (const ScopeIndex* index : plan.indexes) {
    if (outcome_only && !forbids_.empty()) return;
    index->ForEachMatch(policies, scope(), [&](uint32_t row) {
      const auto& policy = policies[row];
      const BodyResult result = RunBody(policy.body);
      if (result == BodySatisfied) RowsOf(policy.effect).push_back(row);
      if (result == BodyFailed) failed_.push_back({.row = row, .body = policy.body});
    });
  }
}

auto Session::RowsOf(ir::Effect effect) -> std::vector<uint32_t>& {
  if (effect == ir::Effect::Permit) return permits_;
  return effect == ir::Effect::Forbid ? forbids_ : caps_;
}

// Groups come in order, what indexes find does not, and a row with several actions may be found by two of them.
void Session::SortRows(const Plan& plan) {
  if (plan.indexes.empty()) return;
  for (auto* rows : {&permits_, &forbids_, &caps_}) {
    std::ranges::sort(*rows);
    if (!plan.may_repeat) continue;
    const auto repeated = std::ranges::unique(*rows);
    rows->erase(repeated.begin(), repeated.end());
  }
  std::ranges::sort(failed_, {}, &FailedRow::row);
  if (!plan.may_repeat) return;
  const auto repeated = std::ranges::unique(failed_, {}, &FailedRow::row);
  failed_.erase(repeated.begin(), repeated.end());
}

void Session::Finish() {
  const bool is_allowed = forbids_.empty() && !permits_.empty();
  const auto& determining = forbids_.empty() ? permits_ : forbids_;
  view_.outcome = is_allowed ? Outcome::Execute : Outcome::Deny;
  view_.determining = determining;
  view_.failed = {};
  if (failed_.empty()) return;
  failed_rows_.clear();
  for (const auto& failed : failed_) failed_rows_.push_back(failed.row);
  view_.failed = failed_rows_;
}

// ---- what there is to say about it -------------------------------------------------------------------------------------

auto Session::scope() const -> ScopeEntities {
  return {.principal = request_->principal,
          .resource = request_->resource,
          .principal_entity = frame_.request.principal_entity,
          .resource_entity = frame_.request.resource_entity,
          .store = *store_};
}

auto Session::Input() -> EvalInput {
  return {.entities = *store_,
          .request = *request_,
          .interner = *interner_,
          .arena = arena_,
          .now = frame_.has_now != 0 ? std::optional(Datetime{frame_.now}) : std::nullopt,
          .max_loop_work = frame_.max_loop_work,
          .state = frame_.state};
}

auto Session::Errors() -> std::vector<EvalError> {
  if (with_statements_) return statements_->shown->errors;
  std::vector<EvalError> errors;
  for (const auto& [row, body] : failed_) {
    auto value = Evaluate(*frame_.program, body, Input());
    CHECK(!value.has_value(), "native code calls failed what the interpreter does not");
    errors.push_back(std::move(value.error()));
    errors.back().policy = row;
  }
  return errors;
}

auto Session::ToDecision() -> Decision {
  if (with_statements_) return *statements_->shown;
  return {.outcome = view_.outcome, .determining = {view_.determining.begin(), view_.determining.end()}, .errors = Errors()};
}

}  // namespace remit
