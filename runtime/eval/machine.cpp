#include "runtime/eval/machine.h"

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

}  // namespace

auto Run(Machine& machine) -> Step {
  while (true) {
    const Step step = Dispatch(machine, machine.body.code[machine.pc]);
    switch (step) {
      case Step::Next: ++machine.pc; break;
      case Step::Jumped: break;
      case Step::Failed: AddPlace(machine); return step;
      case Step::Ended: return step;
    }
  }
}

}  // namespace remit::eval
