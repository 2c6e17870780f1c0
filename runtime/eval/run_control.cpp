// Handlers: logic, jumps, loops and ends.
#include <fmt/format.h>

#include "runtime/eval/errors.h"

namespace remit::eval {
namespace {

auto JumpIf(Machine& m, const ir::Instruction& i, bool wanted) -> Step {
  const Value& value = m.registers[i.a];
  if (!value.is(Kind::Bool)) return FailType(m, {Kind::Bool}, value);
  return value.as_bool() == wanted ? m.JumpTo(i.imm) : Step::Next;
}

// The loop's answer, if no element decided it before the set ended: `all` of nothing is true.
auto AnswerAtEnd(ir::Op op) -> bool { return op == ir::Op::All; }

auto LeaveLoop(Machine& m, const ir::Instruction& header, bool answer) -> Step {
  m.loops.pop_back();
  m.Set(header, answer);
  return m.JumpTo(header.imm);
}

// Runs the loop's code for the next element, or leaves.
auto Iterate(Machine& m) -> Step {
  Loop& loop = m.loops.back();
  const auto& header = m.body.code[loop.header];
  if (loop.next_element == loop.set.size()) return LeaveLoop(m, header, AnswerAtEnd(header.op));
  if (++m.elements > kMostElements) {
    return Fail(m, "too-many-elements", fmt::format("this evaluation visits more than {} elements of sets", kMostElements));
  }
  m.registers[header.b] = loop.set[loop.next_element++];
  return m.JumpTo(loop.header + 1);
}

auto EnterLoop(Machine& m, const ir::Instruction& i) -> Step {
  const Value& set = m.registers[i.a];
  if (!set.is(Kind::Set)) return FailType(m, {Kind::Set}, set);
  m.loops.push_back({.header = m.pc, .next_element = 0, .set = set.as_set()});
  return Iterate(m);
}

}  // namespace

auto RunNot(Machine& m, const ir::Instruction& i) -> Step {
  const Value& value = m.registers[i.a];
  return value.is(Kind::Bool) ? m.Set(i, !value.as_bool()) : FailType(m, {Kind::Bool}, value);
}

auto RunAssertBool(Machine& m, const ir::Instruction& i) -> Step {
  const Value& value = m.registers[i.a];
  return value.is(Kind::Bool) ? Step::Next : FailType(m, {Kind::Bool}, value);
}

auto RunJump(Machine& m, const ir::Instruction& i) -> Step { return m.JumpTo(i.imm); }
auto RunJumpIfTrue(Machine& m, const ir::Instruction& i) -> Step { return JumpIf(m, i, true); }
auto RunJumpIfFalse(Machine& m, const ir::Instruction& i) -> Step { return JumpIf(m, i, false); }

auto RunAny(Machine& m, const ir::Instruction& i) -> Step { return EnterLoop(m, i); }
auto RunAll(Machine& m, const ir::Instruction& i) -> Step { return EnterLoop(m, i); }

auto RunNext(Machine& m, const ir::Instruction& i) -> Step {
  const Value& answer = m.registers[i.a];
  if (!answer.is(Kind::Bool)) return FailType(m, {Kind::Bool}, answer);
  const auto& header = m.body.code[m.loops.back().header];
  const bool decides = answer.as_bool() != AnswerAtEnd(header.op);
  return decides ? LeaveLoop(m, header, answer.as_bool()) : Iterate(m);
}

auto RunSatisfied(Machine& m, const ir::Instruction&) -> Step {
  m.satisfied = true;
  return Step::Ended;
}

auto RunNotSatisfied(Machine& m, const ir::Instruction&) -> Step {
  m.satisfied = false;
  return Step::Ended;
}

auto RunReturn(Machine& m, const ir::Instruction& i) -> Step {
  m.result = m.registers[i.a];
  return Step::Ended;
}

}  // namespace remit::eval
