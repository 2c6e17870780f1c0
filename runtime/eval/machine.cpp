#include "runtime/eval/machine.h"

#include <utility>

#include "runtime/eval/trace.h"

namespace remit {
namespace {

thread_local EvalTrace* current_trace = nullptr;

}  // namespace

TraceScope::TraceScope(EvalTrace* trace) : outer_(std::exchange(current_trace, trace)) {}
TraceScope::~TraceScope() { current_trace = outer_; }
auto TraceScope::IsTold() -> bool { return current_trace != nullptr; }

}  // namespace remit

namespace remit::eval {
namespace {

auto Dispatch(Machine& machine, const ir::Instruction& instruction) -> Step {
  switch (instruction.op) {
#define OP(id, mnemonic, operands, traits, doc) \
  case ir::Op::id: return Run##id(machine, instruction);
#include "runtime/ir/ops.def"
#undef OP
  }
  return Step::Ended;
}

void AddPlace(Machine& machine) {
  if (machine.body.places.empty()) return;
  const auto& place = machine.body.places[machine.pc];
  machine.error.span_file = place.file;
  machine.error.span_begin = place.begin;
  machine.error.span_end = place.end;
}

// Inside a loop an operation costs what it reads: long texts and sets, tested once an element, would take long within any number of elements.
auto PayForOperands(Machine& machine, const ir::Instruction& instruction) -> bool {
  constexpr uint64_t kFree = 16;
  const auto& operands = ir::GetOp(instruction.op).operands;
  uint64_t read = 0;
  for (const char operand : operands) {
    if (operand == 'a') read += machine.registers[instruction.a].length();
    if (operand == 'b') read += machine.registers[instruction.b].length();
    for (uint32_t k = 0; operand == 'r' && k < instruction.count; ++k) read += machine.registers[instruction.a + k].length();
  }
  return machine.PayForLoop(read / kFree);
}

auto PlaceOf(const Machine& machine, uint32_t pc) -> ir::SourcePlace {
  return machine.body.places.empty() ? ir::SourcePlace{} : machine.body.places[pc];
}

void TellRan(const Machine& machine, const ir::Instruction& instruction, uint32_t pc) {
  if (!ir::GetOp(instruction.op).uses('d')) return;
  current_trace->Ran(PlaceOf(machine, pc), machine.registers[instruction.dst]);
}

void TellEnd(const Machine& machine, Step step) {
  using End = EvalTrace::End;
  End end = machine.satisfied ? End::Satisfied : End::NotSatisfied;
  if (machine.body.code[machine.pc].op == ir::Op::Return) end = End::Returned;
  if (step == Step::Failed) end = End::Failed;
  current_trace->Finish(end, PlaceOf(machine, machine.pc));
}

template <bool kIsTraced>
auto RunOnce(Machine& machine) -> Step {
  if constexpr (kIsTraced) current_trace->Begin(machine.body);
  while (true) {
    [[maybe_unused]] const uint32_t pc = machine.pc;
    const auto& instruction = machine.body.code[machine.pc];
    const bool can_go_on = machine.loops.empty() || PayForOperands(machine, instruction);
    const Step step = can_go_on ? Dispatch(machine, instruction) : FailLoopWork(machine);
    if constexpr (kIsTraced) {
      if (step == Step::Next) TellRan(machine, instruction, pc);
    }
    switch (step) {
      case Step::Next: ++machine.pc; break;
      case Step::Jumped: break;
      case Step::Failed: AddPlace(machine); return step;
      case Step::Ended: return step;
    }
  }
}

template <bool kIsTraced>
auto RunInOrder(Machine& machine) -> Step {
  const Step step = RunOnce<kIsTraced>(machine);
  if (step != Step::Failed || machine.loops.empty()) return step;
  machine.loops.clear();
  machine.pc = 0;
  machine.loop_work = 0;
  machine.order = ElementOrder::ByText;
  return RunOnce<kIsTraced>(machine);
}

}  // namespace

auto Run(Machine& machine) -> Step {
  if (current_trace == nullptr) return RunInOrder<false>(machine);
  const Step step = RunInOrder<true>(machine);
  TellEnd(machine, step);
  return step;
}

}  // namespace remit::eval
