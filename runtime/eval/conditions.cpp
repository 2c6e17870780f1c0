#include "runtime/eval/conditions.h"

#include <algorithm>

#include "runtime/eval/machine.h"

namespace remit {
namespace {

using ir::Op;

// Code of one condition: from `begin` to the jump at `end`.
struct Part {
  uint32_t begin;
  uint32_t end;
};

// Whether code of the part goes nowhere but to itself and the jump behind it. Programs from bundles are verified and may still be anything.
auto IsClosed(const ir::Body& body, Part part) -> bool {
  return std::all_of(body.code.begin() + part.begin, body.code.begin() + part.end, [&](const ir::Instruction& i) {
    const auto& op = ir::GetOp(i.op);
    return !op.has(ir::Ends) && (!op.uses('j') || i.imm <= part.end);
  });
}

auto FindParts(const ir::Body& body) -> std::vector<Part> {
  std::vector<Part> parts;
  if (body.code.empty() || body.code.back().op != Op::NotSatisfied) return parts;
  const auto last = static_cast<uint32_t>(body.code.size() - 1);
  uint32_t begin = 0;
  for (uint32_t at = 0; at < last; ++at) {
    const auto& i = body.code[at];
    if (ir::GetOp(i.op).has(ir::Loops)) {
      at = i.imm - 1;  // what is in a loop ends no condition
    } else if ((i.op == Op::JumpIfFalse || i.op == Op::JumpIfTrue) && i.imm == last) {
      if (!IsClosed(body, {.begin = begin, .end = at})) return {};
      parts.push_back({.begin = begin, .end = at});
      begin = at + 1;
    }
  }
  return parts;
}

// The condition as a body of its own that ends in its value, which has to be a bool.
auto BodyOf(const ir::Body& whole, Part part) -> ir::Body {
  ir::Body body;
  body.registers = whole.registers;
  body.code.assign(whole.code.begin() + part.begin, whole.code.begin() + part.end);
  for (auto& i : body.code) {
    if (ir::GetOp(i.op).uses('j')) i.imm -= part.begin;
  }
  const auto value = whole.code[part.end].a;
  body.code.push_back({.op = Op::AssertBool, .a = value});
  body.code.push_back({.op = Op::Return, .a = value});
  if (whole.places.empty()) return body;
  body.places.assign(whole.places.begin() + part.begin, whole.places.begin() + part.end);
  body.places.resize(body.code.size(), whole.places[part.end]);
  return body;
}

auto Evaluate(const ir::Program& program, const ir::Body& whole, Part part, const EvalInput& input) -> ConditionAnswer {
  const ir::Body body = BodyOf(whole, part);
  ConditionAnswer answer = {.is_when = whole.code[part.end].op == Op::JumpIfFalse};
  if (!whole.places.empty()) answer.place = whole.places[part.end];
  const auto registers = input.arena.NewArray<Value>(body.registers);
  std::ranges::fill(registers, Value());
  std::vector<eval::Loop> loops;
  eval::Machine machine = {.program = program, .body = body, .input = input, .registers = registers, .loops = loops};
  if (eval::Run(machine) == eval::Step::Failed) {
    answer.error = std::move(machine.error);
  } else {
    answer.holds = machine.result.as_bool() == answer.is_when;
  }
  return answer;
}

}  // namespace

auto EvaluateConditions(const ir::Program& program, uint32_t body, const EvalInput& input) -> std::vector<ConditionAnswer> {
  const ir::Body& whole = program.bodies[body];
  std::vector<ConditionAnswer> answers;
  for (const Part part : FindParts(whole)) answers.push_back(Evaluate(program, whole, part, input));
  return answers;
}

}  // namespace remit
