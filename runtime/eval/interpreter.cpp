// Decides by running every policy whose scope matches. No index: this engine is what the fast ones are checked against, so it does the obvious
// thing. Of what lowering has specialised it makes use, so that it can be checked against itself.
#include "runtime/eval/interpreter.h"

#include <algorithm>

#include "runtime/eval/machine.h"
#include "runtime/eval/scope.h"

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

}  // namespace

auto Decide(const ir::Program& program, const EvalInput& input) -> Decision {
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
