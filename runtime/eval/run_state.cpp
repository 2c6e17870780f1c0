// Handlers: the state of budgets and breakers. It is read from tables that are filled before; nothing here asks a ledger.
#include <fmt/format.h>

#include "runtime/eval/errors.h"

namespace remit::eval {
namespace {

// Null: it does not apply to the request.
template <typename State>
auto FindState(std::span<const State> states, uint32_t index) -> const State* {
  return index < states.size() && states[index].applies ? &states[index] : nullptr;
}

auto FailDoesNotApply(Machine& m, std::string_view keyword, SymbolId name) -> Step {
  if (m.is_quiet) return Step::Failed;
  const auto text = m.text(name);
  return Fail(m, "state-missing", fmt::format("the {} `{}` does not apply to this request", keyword, text),
              fmt::format("ask first: `{} has {} && ..`", keyword, text));
}

auto FailNoTrip(Machine& m, std::string_view name) -> Step {
  if (m.is_quiet) return Step::Failed;
  return Fail(m, "state-missing", fmt::format("`{}` has a value in the `trip` of a breaker alone", name));
}

}  // namespace

auto RunReadBudget(Machine& m, const ir::Instruction& i) -> Step {
  const auto* state = FindState(m.input.state.budgets, i.imm);
  if (state == nullptr) return FailDoesNotApply(m, "budget", m.program.budgets[i.imm].name);
  return m.Set(i, state->values[i.count]);
}

auto RunHasBudget(Machine& m, const ir::Instruction& i) -> Step { return m.Set(i, FindState(m.input.state.budgets, i.imm) != nullptr); }

auto RunIsOpen(Machine& m, const ir::Instruction& i) -> Step {
  const auto* state = FindState(m.input.state.breakers, i.imm);
  return state == nullptr ? FailDoesNotApply(m, "breaker", m.program.breakers[i.imm].name) : m.Set(i, state->is_open);
}

auto RunHasBreaker(Machine& m, const ir::Instruction& i) -> Step { return m.Set(i, FindState(m.input.state.breakers, i.imm) != nullptr); }

auto RunCalls(Machine& m, const ir::Instruction& i) -> Step {
  return m.input.state.trip == nullptr ? FailNoTrip(m, "calls") : m.Set(i, Value::OfLong(m.input.state.trip->calls));
}

auto RunFailures(Machine& m, const ir::Instruction& i) -> Step {
  return m.input.state.trip == nullptr ? FailNoTrip(m, "failures") : m.Set(i, Value::OfLong(m.input.state.trip->failures));
}

}  // namespace remit::eval
