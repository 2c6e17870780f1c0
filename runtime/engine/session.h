// One thread's way to decide: its pin on the current snapshot, its scratch memory, its results.
//
// Once warm a decision allocates nothing, locks nothing and formats nothing; messages of errors are made when they are asked for, by
// evaluating the policy again in the interpreter.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <vector>

#include "runtime/engine/engine.h"
#include "runtime/engine/explanation.h"
#include "runtime/engine/prepared_request.h"
#include "runtime/eval/decision.h"
#include "runtime/eval/interpreter.h"
#include "runtime/eval/statement_evaluator.h"
#include "runtime/native/frame.h"

namespace remit {

struct DecideOptions {
  std::optional<Datetime> now = {};  // what `now()` gives. None: that is an error
  // The outcome is all that is wanted: evaluation may stop as soon as it is certain, and determining policies and errors are not complete.
  bool outcome_only = false;
  // What Remit's statements depend on besides the request. Null: nothing is approved or quarantined, and what depends on state is denied.
  World* world = nullptr;
  // On whose behalf the request is made, first the origin. Not for prepared requests, which have one principal.
  std::span<const EntityUid> delegation = {};
};

// Positions are in the program's policies, ascending. Valid until the session decides again or is released.
struct DecisionView {
  Outcome outcome = Outcome::Deny;
  std::span<const uint32_t> determining;
  std::span<const uint32_t> failed;
};

// Belongs to one thread at a time. The engine outlives it. A session keeps the snapshot it decided on last in memory: Release lets it go.
class Session {
 public:
  explicit Session(Engine& engine);
  ~Session();

  auto Decide(PreparedRequest& request, const DecideOptions& options = {}) -> const DecisionView&;
  // A request of which nothing is kept. `interner` is an overlay over the engine's, or the engine's own. `entities`: the request's own, built
  // over the snapshot's (see `snapshot`), or null. `conforms`: request and own entities were validated.
  auto Decide(const Request& request, const Interner& interner, const EntityStore* entities, bool conforms,
              const DecideOptions& options = {}) -> const DecisionView&;

  // The snapshot that is decided on from now on, until `Decide` with a prepared request, `Pin` or `Release` is called.
  auto Pin() -> const Snapshot&;
  void Release();
  // What was decided on last; null: released.
  auto snapshot() const -> const Snapshot* { return snapshot_; }

  // Of the last decision: its policies' program, why policies failed, and all of it as one value.
  auto program() const -> const ir::Program& { return snapshot_->policies->program(); }
  // Of all that programs name.
  auto symbols() const -> const Interner& { return engine_.interner(); }
  auto Errors() -> std::vector<EvalError>;
  auto ToDecision() -> Decision;
  // Why, policy by policy: evaluated again, by the interpreter.
  auto Explain() -> Explanation;
  // The last decision, if Remit's statements had a say in it; else null. Valid until the session decides again or is released.
  auto statements() const -> const Decision* { return with_statements_ ? statements_->shown : nullptr; }
  // Of such a decision: moves it out, for the memory of an earlier one. The session then shows a denial without reasons.
  void TakeStatements(Decision& decision);

  // What a layer above keeps from one decision to the next, for itself: the governor. Gone with the session, and not before.
  struct Kept {
    virtual ~Kept() = default;
  };
  auto kept() -> std::unique_ptr<Kept>& { return kept_; }

  // Memory for what a request is read into; reset by each Decide of a prepared request and by ResetArena.
  auto arena() -> Arena& { return arena_; }
  void ResetArena() { arena_.Reset(); }

  // Bodies that the interpreter evaluated because there was no native code for them. Errors that are told are not counted.
  auto interpreted() const -> uint64_t { return interpreted_; }

 private:
  void Resolve(PreparedRequest& request);
  void ResolveAnew(PreparedRequest& request);
  void Refind(PreparedRequest& request);
  auto KindOf(const Request& request, bool conforms) const -> RequestKind;
  auto HasActionOf(const EntityStore& entities, EntityUid action) const -> bool;
  void UseSnapshot(const Snapshot& snapshot);
  void UseStore(const StoreView& store);
  void UseSymbols(const Interner& interner);
  void StopBorrowing();
  void SetTime(const DecideOptions& options);
  void Run(const Plan& plan, const DecideOptions& options);
  void RunAll(const Plan& plan, const DecideOptions& options);
  auto RunOnlyGroup(const PlanGroup& group) -> bool;
  auto RunGroup(const PlanGroup& group) -> GroupResult;
  auto AppliesOf(const PlanGroup& group) const -> uint64_t;
  auto RunOneByOne(const PlanGroup& group, uint64_t applies) -> GroupResult;
  auto RunLeftOut(const PlanGroup& group, GroupResult result) -> GroupResult;
  auto RunBody(uint32_t body) -> BodyResult;
  auto Interpret(uint32_t body) -> BodyResult;
  void RunIndexes(const Plan& plan, bool outcome_only);
  void Keep(const PlanGroup& group, GroupResult result);
  void KeepFailed(uint32_t row, uint32_t body);
  void RunRows(const Plan& plan, bool outcome_only);
  void Finish();
  void SortRows(const Plan& plan);
  auto RowsOf(ir::Effect effect) -> std::vector<uint32_t>&;

  // ---- session_statements.cpp
  class Runner;
  struct Statements {
    eval::StatementEvaluator evaluator;
    Decision of_chain;  // what its members come to together
    const Decision* shown = nullptr;  // the evaluator's or that of the chain
  };
  void RunStatements(const Plan& plan, World* world);
  void DecideChain(const Request& request, const Interner& interner, const EntityStore* entities, bool conforms,
                   const DecideOptions& options);
  void ShowStatements(const Decision& decision);
  auto RunValue(uint32_t body) -> std::optional<Value>;

  auto Input() -> EvalInput;
  auto scope() const -> ScopeEntities;

  Engine& engine_;
  SnapshotCell::Reader reader_;
  const Snapshot* snapshot_ = nullptr;
  uint64_t number_ = 0;  // of `snapshot_`
  NativeFrame frame_ = {};
  const Request* request_ = nullptr;  // the one being decided
  Request own_request_ = {};  // if nobody else keeps it
  const EntityStore* store_ = nullptr;  // its entities
  const Interner* interner_ = nullptr;  // its symbols
  // Store or symbols are not the snapshot's, but those of a request that was not prepared.
  bool is_borrowing_ = false;
  Arena arena_;
  struct FailedRow {
    uint32_t row;
    uint32_t body;
  };
  std::array<uint32_t, kMaxGroupBodies> few_rows_;  // determining policies of a plan with one group
  std::vector<uint32_t> permits_;
  std::vector<uint32_t> forbids_;
  std::vector<uint32_t> caps_;
  std::vector<FailedRow> failed_;
  std::vector<uint32_t> failed_rows_;
  DecisionView view_;
  std::unique_ptr<Plan> own_plan_;
  uint64_t interpreted_ = 0;
  std::unique_ptr<Statements> statements_;  // null: not needed so far
  bool with_statements_ = false;  // the last decision is theirs
  std::unique_ptr<Kept> kept_;
};

}  // namespace remit
