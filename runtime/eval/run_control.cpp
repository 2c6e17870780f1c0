// Handlers: logic, jumps, loops and ends.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "runtime/eval/errors.h"

namespace remit::eval {
namespace {

auto JumpIf(Machine& m, const ir::Instruction& i, bool wanted) -> Step {
  const Value& value = m.registers[i.a];
  if (!value.is(Kind::Bool)) return FailType(m, {Kind::Bool}, value);
  return value.as_bool() == wanted ? m.JumpTo(i.imm) : Step::Next;
}

auto LeaveLoop(Machine& m) -> Step {
  const Loop loop = m.loops.back();
  m.loops.pop_back();
  const auto& header = m.body.code[loop.header];
  m.Set(header, loop.answer);
  return m.JumpTo(header.imm);
}

// Runs the loop's code for the next element, or leaves.
auto Iterate(Machine& m) -> Step {
  Loop& loop = m.loops.back();
  if (loop.next_element == loop.set.size()) return LeaveLoop(m);
  m.registers[m.body.code[loop.header].b] = loop.set[loop.next_element++];
  return m.JumpTo(loop.header + 1);
}

// None beyond the limit of work: texts may be much longer than the set has elements.
auto OrderByText(Machine& m, SetView set) -> std::optional<SetView> {
  constexpr uint64_t kFree = 16;
  std::vector<std::pair<std::string, Value>> elements;
  for (const Value& element : set) {
    elements.emplace_back(FormatValue(element, m.input.interner), element);
    if (!m.PayForLoop(elements.back().first.size() / kFree)) return std::nullopt;
  }
  std::ranges::sort(elements, {}, [](const auto& element) -> const std::string& { return element.first; });
  const auto ordered = m.input.arena.NewArray<Value>(set.size());
  std::ranges::transform(elements, ordered.begin(), [](const auto& element) { return element.second; });
  return ordered;
}

// `answer`: that of a loop without elements. `any` of nothing is false, `all` of nothing is true.
auto EnterLoop(Machine& m, const ir::Instruction& i, bool answer) -> Step {
  const Value& operand = m.registers[i.a];
  if (!operand.is(Kind::Set)) return FailType(m, {Kind::Set}, operand);
  m.loops.push_back({.header = m.pc, .next_element = 0, .set = operand.as_set(), .answer = answer});
  Loop& loop = m.loops.back();
  // All elements are visited, so they are paid for at once.
  if (!m.PayForLoop(loop.set.size())) return FailLoopWork(m);
  if (m.order == ElementOrder::ByText) {
    const auto ordered = OrderByText(m, loop.set);
    if (!ordered) return FailLoopWork(m);
    loop.set = *ordered;
  }
  return Iterate(m);
}

}  // namespace

auto FailLoopWork(Machine& m) -> Step {
  if (m.is_quiet) return Step::Failed;
  return Fail(m, "too-much-loop-work",
              fmt::format("the quantifiers of this policy take more than {} steps on these sets", m.input.max_loop_work));
}

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

auto RunAny(Machine& m, const ir::Instruction& i) -> Step { return EnterLoop(m, i, false); }
auto RunAll(Machine& m, const ir::Instruction& i) -> Step { return EnterLoop(m, i, true); }

auto RunNext(Machine& m, const ir::Instruction& i) -> Step {
  const Value& answer = m.registers[i.a];
  if (!answer.is(Kind::Bool)) return FailType(m, {Kind::Bool}, answer);
  Loop& loop = m.loops.back();
  if (m.body.code[loop.header].op == ir::Op::Any) {
    loop.answer |= answer.as_bool();
  } else {
    loop.answer &= answer.as_bool();
  }
  return Iterate(m);
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
