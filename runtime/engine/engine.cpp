#include "runtime/engine/engine.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "runtime/base/check.h"
#include "runtime/entity/validate_value.h"

namespace remit {
namespace {

auto FirstSnapshot() -> std::unique_ptr<const Snapshot> {
  return std::make_unique<const Snapshot>(Snapshot{.number = 0,
                                                   .policies = std::make_shared<Policies>(std::make_shared<const ir::Program>(), nullptr),
                                                   .entities = std::make_shared<const EntityStore>(),
                                                   .entities_conform = false,
                                                   .plans = std::make_shared<PlanCache>()});
}

auto TierOf(const EngineOptions& options, const NativeCompiler* compiler) -> EngineOptions {
  EngineOptions used = options;
  if (compiler == nullptr) used.tier = CodeTier::Never;
  return used;
}

}  // namespace

Engine::Engine(const EngineOptions& options, std::shared_ptr<NativeCompiler> compiler, std::shared_ptr<Interner> interner)
    : options_(TierOf(options, compiler.get())),
      compiler_(std::move(compiler)),
      interner_(std::move(interner)),
      snapshots_(FirstSnapshot()) {
  if (options_.tier == CodeTier::Background) worker_.emplace();
}

Engine::~Engine() = default;

// ---- policies ------------------------------------------------------------------------------------------------------

void Engine::PublishPolicies(std::shared_ptr<Policies> policies) {
  const auto lock = Lock();
  const Snapshot& current = snapshots_.current();
  const bool conform = current.entities_conform && current.policies->schema() == policies->schema();
  Publish(std::move(policies), current.entities, conform);
}

auto Engine::ChangePolicies(std::span<const SymbolId> removed, const ir::Program& added) -> Expected<void> {
  const auto lock = Lock();
  const Policies& current = *snapshots_.current().policies;
  auto amended = ir::Amend(current.program(), removed, added);
  if (!amended) return std::unexpected(amended.error());
  PublishPolicies(std::make_shared<Policies>(std::move(*amended), current));
  return {};
}

void Engine::Publish(std::shared_ptr<Policies> policies, std::shared_ptr<const EntityStore> entities, bool conform) {
  const auto lock = Lock();
  if (options_.tier == CodeTier::Eager) CompileShapes(policies);
  Snapshot next = snapshots_.current();
  if (entities != next.entities) {
    children_.reset();
    compact_bytes_ = entities->footprint();
  }
  next.entities = std::move(entities);
  next.entities_conform = conform;
  next.policies = policies;
  next.plans = std::make_shared<PlanCache>();
  Publish(std::move(next));
  if (options_.tier == CodeTier::Background) {
    worker_->Add([this, policies] { CompileShapes(policies); });
  }
}

void Engine::Publish(Snapshot next) {
  next.number = snapshots_.current().number + 1;
  next.base = next.number;
  snapshots_.Publish(std::make_unique<const Snapshot>(std::move(next)));
}

// Only entities changed, one by one.
void Engine::PublishStep(Snapshot next, bool is_little) {
  next.number = snapshots_.current().number + 1;
  snapshots_.Publish(std::make_unique<const Snapshot>(std::move(next)), is_little);
}

// ---- entities ------------------------------------------------------------------------------------------------------

void Engine::PublishEntities(std::shared_ptr<const EntityStore> entities, bool conform) {
  const auto lock = Lock();
  children_.reset();
  compact_bytes_ = entities->footprint();
  Snapshot next = snapshots_.current();
  next.entities = std::move(entities);
  next.entities_conform = conform;
  next.plans = std::make_shared<PlanCache>();
  Publish(std::move(next));
}

auto Engine::UpdateEntities(const EntityChange& change, bool conform) -> Expected<void> {
  constexpr size_t kLittle = 64;  // changes
  const auto lock = Lock();
  Snapshot next = snapshots_.current();
  if (!children_) children_ = ChildrenOf(*next.entities);
  auto builder = EntityStoreBuilder::Next(*interner_, *next.entities, &*children_);
  if (auto changed = change(builder); !changed) return changed;
  const bool touches_actions = TouchesActions(builder);
  const bool is_little = builder.change_count() <= kLittle;
  auto built = std::move(builder).Build();
  if (!built) return std::unexpected(built.error());
  const bool is_compacted = NeedsCompacting(*built);
  const bool still_conform = next.entities_conform && conform;
  const bool is_step = !touches_actions && !is_compacted && still_conform == next.entities_conform;
  next.entities = std::make_shared<const EntityStore>(is_compacted ? Compacted(*built) : std::move(*built));
  next.entities_conform = still_conform;
  if (touches_actions) next.plans = std::make_shared<PlanCache>();
  if (is_step) {
    PublishStep(std::move(next), is_little);
  } else {
    Publish(std::move(next));
  }
  return {};
}

// Plans know the ancestors of actions.
auto Engine::TouchesActions(const EntityStoreBuilder& builder) const -> bool {
  const auto is_action = [&](EntityUid uid) { return IsActionType(interner_->text(uid.type)); };
  const auto& current = *snapshots_.current().entities;
  bool touches = false;
  builder.ForEachChange([&](EntityUid uid, const Entity& entity) {
    touches |= is_action(uid) || std::ranges::any_of(entity.parents, is_action);
    if (const Entity* old = current.Find(uid)) touches |= std::ranges::any_of(old->parents, is_action);
  });
  return touches;
}

// Updates leave what they replace in memory, which is shared with older stores. Once garbage may be most of it, everything is copied.
auto Engine::NeedsCompacting(const EntityStore& store) const -> bool {
  constexpr size_t kAlwaysFine = size_t{32} << 20;
  return store.footprint() >= 2 * compact_bytes_ + kAlwaysFine;
}

auto Engine::Compacted(const EntityStore& store) -> EntityStore {
  EntityStoreBuilder builder(*interner_);
  const auto copy = [&](RecordView record) {
    return record.empty() ? RecordView{} : CopyValue(builder.arena(), Value::OfSortedRecord(record)).as_record();
  };
  for (const Entity& entity : store.entities()) {
    builder.AddOrReplace({.uid = entity.uid,
                          .attrs = copy(entity.attrs),
                          .tags = copy(entity.tags),
                          .parents = builder.arena().Copy(entity.parents.span())});
  }
  auto compacted = std::move(builder).Build();
  CHECK(compacted.has_value(), "a store that was built before");
  children_ = ChildrenOf(*compacted);
  compact_bytes_ = compacted->footprint();
  return std::move(*compacted);
}

// ---- code ----------------------------------------------------------------------------------------------------------

// In batches, so that the first ones are of use while the others are compiled; first quickly, then well.
void Engine::CompileShapes(const std::shared_ptr<Policies>& policies) {
  constexpr size_t kBatch = 256;
  std::vector<uint32_t> wanted;
  for (uint32_t shape = 0; shape < policies->shapes().shapes.size(); ++shape) {
    if (policies->CodeOf(policies->shapes().shapes[shape].body) == nullptr) wanted.push_back(shape);
  }
  for (size_t begin = 0; begin < wanted.size(); begin += kBatch) {
    const std::span<const uint32_t> batch(wanted.data() + begin, std::min(kBatch, wanted.size() - begin));
    auto code = compiler_->CompileShapes(policies->program(), policies->shapes(), batch, {.level = NativeLevel::Full});
    if (!code) return SetCodeError(code.error());
    policies->Install(std::move(*code), batch);
  }
}

void Engine::CompilePlan(const std::shared_ptr<Policies>& policies, const std::shared_ptr<const EntityStore>& entities, Plan& plan) {
  // Beyond, bodies are called one by one: compiling many groups for each kind of request would take longer than it saves.
  constexpr size_t kMostGroups = 16;
  if (plan.groups.empty() || plan.groups.size() > kMostGroups) return;
  const auto hints = policies->schema() != nullptr ? LayoutHints::FromSchema(*policies->schema()) : LayoutHints::FromEntities(*entities);
  std::vector<GroupRequest> requests;
  for (const auto& group : plan.groups) {
    GroupRequest request = {.bodies = {group.bodies.begin(), group.bodies.begin() + group.count},
                            .principal_type = plan.kind.principal_type,
                            .resource_type = plan.kind.resource_type};
    if (plan.kind.action != EntityUid{}) request.action = plan.kind.action;
    requests.push_back(std::move(request));
  }
  auto code = compiler_->CompileGroups(policies->program(), hints, requests, {.level = NativeLevel::Full});
  if (!code) return SetCodeError(code.error());
  plan.code = std::move(*code);
  for (size_t i = 0; i < plan.groups.size(); ++i) {
    plan.groups[i].may_leave_out = plan.code->left_out() > 0;
    plan.groups[i].code.store(plan.code->group(i), std::memory_order_release);
  }
}

auto Engine::PlanFor(const Snapshot& snapshot, const RequestKind& kind, std::unique_ptr<Plan>& own) -> Plan& {
  if (Plan* plan = snapshot.plans->Find(kind)) return *plan;
  const auto ancestors = snapshot.entities->AncestorsOf(kind.action);
  auto made = MakePlan(snapshot.policies->program(), snapshot.policies->index(), kind, ancestors);
  if (options_.tier == CodeTier::Eager) CompilePlan(snapshot.policies, snapshot.entities, *made);
  Plan* kept = snapshot.plans->Keep(made);
  if (kept == nullptr) {
    own = std::move(made);
    return *own;
  }
  const bool is_ours = made == nullptr;
  if (is_ours && options_.tier == CodeTier::Background) {
    worker_->Add([this, policies = snapshot.policies, entities = snapshot.entities, plans = snapshot.plans, kept] {
      CompilePlan(policies, entities, *kept);
    });
  }
  return *kept;
}

void Engine::WaitForCode() {
  if (worker_) worker_->Wait();
}

void Engine::SetCodeError(const Error& error) {
  const std::lock_guard lock(error_mutex_);
  code_error_ = error.message;
}

auto Engine::code_error() const -> std::string {
  const std::lock_guard lock(error_mutex_);
  return code_error_;
}

auto Engine::footprint() -> Footprint {
  const auto lock = Lock();
  const auto& snapshot = snapshots_.current();
  return {.policies = snapshot.policies->footprint(), .entities = snapshot.entities->footprint(), .symbols = interner_->footprint()};
}

}  // namespace remit
