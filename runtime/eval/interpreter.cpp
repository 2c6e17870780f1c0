// Decides by running every policy whose scope matches. No index: this engine is what the fast ones are checked against, so it does the obvious
// thing. Of what lowering has specialised it makes use, so that it can be checked against itself.
#include "runtime/eval/interpreter.h"

#include <algorithm>

#include "runtime/eval/delegation.h"
#include "runtime/eval/machine.h"
#include "runtime/eval/scope.h"
#include "runtime/eval/statement_evaluator.h"
#include "runtime/request/delegation.h"

namespace remit {
namespace {

using eval::Step;

// What the bodies of one decision share.
class Session {
 public:
  Session(const ir::Program& program, const EvalInput& input, uint32_t registers)
      : program_(program), input_(input), registers_(input.arena.NewArray<Value>(registers)) {
    std::ranges::fill(registers_, Value());
  }

  auto Start(uint32_t body) -> eval::Machine {
    loops_.clear();
    return {.program = program_, .body = program_.bodies[body], .input = input_, .registers = registers_, .loops = loops_};
  }

 private:
  const ir::Program& program_;
  const EvalInput& input_;
  std::span<Value> registers_;
  std::vector<eval::Loop> loops_;
};

auto MostRegisters(const ir::Program& program) -> uint32_t {
  uint32_t most = 0;
  for (const auto& body : program.bodies) most = std::max<uint32_t>(most, body.registers);
  return most;
}

// Satisfied policies by effect, and errors, each in the order of the program.
struct Tally {
  std::vector<uint32_t> permits;
  std::vector<uint32_t> forbids;
  std::vector<EvalError> errors;
};

void Count(Tally& tally, Session& session, const ir::Program& program, const ir::Variant& variant) {
  auto machine = session.Start(variant.body);
  if (eval::Run(machine) == Step::Failed) {
    machine.error.policy = variant.policy;
    tally.errors.push_back(std::move(machine.error));
  } else if (machine.satisfied) {
    const auto effect = program.policies[variant.policy].effect;
    (effect == ir::Effect::Forbid ? tally.forbids : tally.permits).push_back(variant.policy);
  }
}

template <typename Visit>
void VisitVariants(const ir::Program& program, std::optional<uint32_t> environment, Visit visit) {
  if (!environment) {
    for (uint32_t i = 0; i < program.policies.size(); ++i) visit(ir::Variant{.policy = i, .body = program.policies[i].body});
    return;
  }
  for (const uint32_t group : program.environments[*environment].groups) std::ranges::for_each(program.groups[group], visit);
}

// Groups are visited one after the other.
void Sort(Tally& tally) {
  std::ranges::sort(tally.permits);
  std::ranges::sort(tally.forbids);
  std::ranges::sort(tally.errors, {}, &EvalError::policy);
}

// A satisfied forbid overrides every permit; without either the answer is deny, and nothing determined it.
auto Combine(Tally tally) -> Decision {
  const bool is_allowed = tally.forbids.empty() && !tally.permits.empty();
  return {.outcome = is_allowed ? Outcome::Execute : Outcome::Deny,
          .determining = tally.forbids.empty() ? std::move(tally.permits) : std::move(tally.forbids),
          .errors = std::move(tally.errors)};
}

// Rows and bodies for the combination that all engines share.
class Runner final : public eval::RowRunner {
 public:
  Runner(const ir::Program& program, const EvalInput& input) : program_(program), input_(input) {}

  void SetState(const StateView& state) override { input_.state = state; }

  auto ListStateful(std::vector<eval::StatefulRow>& rows) -> std::span<const eval::StatefulRow> override {
    VisitVariants(program_, input_.environment, [&](const ir::Variant& variant) {
      const auto& policy = program_.policies[variant.policy];
      if (!ir::IsStateful(policy.effect) || !eval::MatchesScope(policy, input_.request, input_.entities)) return;
      rows.push_back(eval::ToStateful(program_, variant));
      rows.back().is_unconditional = false;  // everything is interpreted here
    });
    eval::SortStateful(rows);
    return rows;
  }

  void RunPolicies(eval::RowResults& results) override {
    VisitVariants(program_, input_.environment, [&](const ir::Variant& variant) {
      const auto& policy = program_.policies[variant.policy];
      if (ir::IsStateful(policy.effect) || !eval::MatchesScope(policy, input_.request, input_.entities)) return;
      const auto holds = Holds(variant.body);
      if (!holds) {
        results.failed.push_back({.policy = variant.policy, .body = variant.body});
      } else if (*holds) {
        ListOf(results, policy.effect).push_back(variant.policy);
      }
    });
    for (auto* rows : {&results.permits, &results.forbids, &results.caps}) std::ranges::sort(*rows);
    std::ranges::sort(results.failed, {}, &eval::FailedRow::policy);
  }

  auto Holds(uint32_t body) -> std::optional<bool> override {
    const auto value = Evaluate(program_, body, input_);
    return value ? std::optional(value->as_bool()) : std::nullopt;
  }
  auto ValueOf(uint32_t body) -> std::optional<Value> override {
    const auto value = Evaluate(program_, body, input_);
    return value ? std::optional(*value) : std::nullopt;
  }
  auto Input() -> EvalInput override { return input_; }
  auto Symbols() -> const Interner& override { return input_.interner; }
  auto Asked() -> const Request& override { return input_.request; }

 private:
  static auto ListOf(eval::RowResults& results, ir::Effect effect) -> std::vector<uint32_t>& {
    if (effect == ir::Effect::Permit) return results.permits;
    return effect == ir::Effect::Forbid ? results.forbids : results.caps;
  }

  const ir::Program& program_;
  EvalInput input_;
};

}  // namespace

namespace {

auto DecideChain(const ir::Program& program, const EvalInput& input) -> Decision {
  const auto members = MembersOf(input.request.principal, input.delegation);
  if (!members) return {};
  std::optional<Decision> all;
  for (const EntityUid member : *members) {
    Request request = input.request;
    request.principal = member;
    const bool is_acting = member == input.request.principal;
    // The environment is of the acting principal's type.
    Decision one = Decide(program, {.entities = input.entities,
                                    .request = request,
                                    .interner = input.interner,
                                    .arena = input.arena,
                                    .now = input.now,
                                    .max_loop_work = input.max_loop_work,
                                    .environment = is_acting ? input.environment : std::nullopt,
                                    .world = input.world});
    all ? MergeDecision(program, *all, std::move(one)) : static_cast<void>(all = std::move(one));
  }
  return std::move(*all);
}

}  // namespace

auto Decide(const ir::Program& program, const EvalInput& input) -> Decision {
  if (!input.delegation.empty()) return DecideChain(program, input);
  if (program.has_statements() || (input.world != nullptr && !input.world->quarantined().empty())) {
    Runner runner(program, input);
    eval::StatementEvaluator evaluator;
    evaluator.Decide(program, runner, input.world);
    return std::move(evaluator).TakeDecision();
  }
  Session session(program, input, MostRegisters(program));
  Tally tally;
  VisitVariants(program, input.environment, [&](const ir::Variant& variant) {
    if (eval::MatchesScope(program.policies[variant.policy], input.request, input.entities)) Count(tally, session, program, variant);
  });
  Sort(tally);
  return Combine(std::move(tally));
}

auto Evaluate(const ir::Program& program, uint32_t body, const EvalInput& input) -> std::expected<Value, EvalError> {
  Session session(program, input, program.bodies[body].registers);
  auto machine = session.Start(body);
  machine.result = Value::OfBool(false);
  if (eval::Run(machine) == Step::Failed) return std::unexpected(std::move(machine.error));
  return machine.satisfied ? Value::OfBool(true) : machine.result;
}

}  // namespace remit
