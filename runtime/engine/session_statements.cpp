// Decisions in which Remit's statements have a say: the session runs rows and bodies, natively where there is code, and what their results mean is
// the same as for the interpreter (runtime/eval/statement_evaluator.h).
#include <algorithm>

#include "runtime/engine/session.h"
#include "runtime/eval/delegation.h"
#include "runtime/eval/trace.h"
#include "runtime/request/delegation.h"

namespace remit {

class Session::Runner final : public eval::RowRunner {
 public:
  Runner(Session& session, const Plan& plan) : session_(session), plan_(plan) {}

  void SetState(const StateView& state) override { session_.frame_.state = state; }

  auto ListStateful(std::vector<eval::StatefulRow>& rows) -> std::span<const eval::StatefulRow> override {
    if (!plan_.is_stateful_scoped) return plan_.stateful;
    const auto& policies = session_.frame_.program->policies;
    const ScopeEntities scope = session_.scope();
    for (const auto& row : plan_.stateful) {
      if (MatchesEntities(policies[row.policy], scope)) rows.push_back(row);
    }
    return rows;
  }

  // Whoever is told what is interpreted is told of clauses, too.
  auto PlainBudgets() -> std::span<const eval::PlainBudget> override {
    return TraceScope::IsTold() ? std::span<const eval::PlainBudget>() : session_.snapshot_->policies->plain().budgets();
  }
  auto Asked() -> const Request& override { return *session_.request_; }
  // The engine's names are never forgotten; a request's own are, and then others have their numbers.
  auto IsLasting(EntityUid uid) -> bool override {
    const Interner& lasting = session_.engine_.interner();
    const Interner& names = *session_.interner_;
    const auto is_lasting = [&](SymbolId id) {
      if (id.value >= lasting.size()) return false;
      const std::string_view a = lasting.text(id);
      const std::string_view b = names.text(id);
      return a.data() == b.data() && a.size() == b.size();
    };
    return &names == &lasting || (is_lasting(uid.type) && is_lasting(uid.id));
  }

  void RunPolicies(eval::RowResults& results) override {
    session_.RunRows(plan_, false);
    results.permits.swap(session_.permits_);
    results.forbids.swap(session_.forbids_);
    results.caps.swap(session_.caps_);
    for (const auto& [row, body] : session_.failed_) results.failed.push_back({.policy = row, .body = body});
  }

  auto Holds(uint32_t body) -> std::optional<bool> override {
    const BodyResult result = session_.RunBody(body);
    return result == BodyFailed ? std::nullopt : std::optional(result == BodySatisfied);
  }
  auto ValueOf(uint32_t body) -> std::optional<Value> override { return session_.RunValue(body); }
  auto Input() -> EvalInput override { return session_.Input(); }
  auto Symbols() -> const Interner& override { return *session_.interner_; }

 private:
  Session& session_;
  const Plan& plan_;
};

void Session::RunStatements(const Plan& plan, World* world) {
  if (statements_ == nullptr) statements_ = std::make_unique<Statements>();
  Runner runner(*this, plan);
  ShowStatements(statements_->evaluator.Decide(*frame_.program, runner, world));
}

void Session::DecideChain(const Request& request, const Interner& interner, const EntityStore* entities, bool conforms,
                          const DecideOptions& options) {
  Decision all;
  if (const auto members = MembersOf(request.principal, options.delegation)) {
    for (const EntityUid& member : *members) {
      const Request own = {.principal = member, .action = request.action, .resource = request.resource, .context = request.context};
      Decide(own, interner, entities, conforms, {.now = options.now, .world = options.world});
      &member == members->data() ? static_cast<void>(all = ToDecision()) : MergeDecision(*frame_.program, all, ToDecision());
    }
  }
  if (statements_ == nullptr) statements_ = std::make_unique<Statements>();
  statements_->of_chain = std::move(all);
  ShowStatements(statements_->of_chain);
}

void Session::ShowStatements(const Decision& decision) {
  statements_->shown = &decision;
  with_statements_ = true;
  failed_rows_.clear();
  for (const auto& error : decision.errors) {
    if (failed_rows_.empty() || failed_rows_.back() != error.policy) failed_rows_.push_back(error.policy);
  }
  view_ = {.outcome = decision.outcome, .determining = decision.determining, .failed = failed_rows_};
}

void Session::TakeStatements(Decision& decision) {
  if (statements_->shown == &statements_->of_chain) {
    decision = std::exchange(statements_->of_chain, {});
  } else {
    statements_->evaluator.TakeDecision(decision);
  }
  view_ = {};
}

// None: it failed.
auto Session::RunValue(uint32_t body) -> std::optional<Value> {
  const auto& policies = *snapshot_->policies;
  Value plain;
  if (!TraceScope::IsTold() && eval::LookUp(policies.plain().OfBody(body), *frame_.program, *request_, plain)) return plain;
  if (const NativeBody code = policies.CodeOf(body)) {
    const auto result = static_cast<BodyResult>(code(&frame_, policies.shapes().literals_of(body)));
    if (result == BodyReturned) return frame_.result;
    if (!policies.may_leave_out()) return std::nullopt;
  }
  ++interpreted_;
  const auto value = Evaluate(*frame_.program, body, Input());
  return value ? std::optional(*value) : std::nullopt;
}

}  // namespace remit
