// One body being run: its registers, where it is, and what became of it. Handlers of operations work on this and nothing else.
//
// INVARIANT: the program is verified, so registers are assigned before they are read and indexes are in range. The kinds of values are
// not known: every handler checks what it needs.
#pragma once

#include <span>
#include <vector>

#include "runtime/eval/interpreter.h"

namespace remit::eval {

// What the engine does after an operation.
enum class Step : uint8_t {
  Next,    // the operation behind it
  Jumped,  // `pc` has been set
  Failed,  // `error` has been set
  Ended,   // `satisfied` or `result` has been set
};

// A quantifier being run. Every element is visited, also behind one that decides: an error in any is the error of the whole.
struct Loop {
  uint32_t header;
  uint32_t next_element;
  SetView set;
  bool answer;
};

// In which order elements are visited. Sets are kept in an order that depends on symbol ids, which may differ from run to run. No answer
// depends on the order, but which of several errors comes first does, so a body that fails inside a loop is run again in the order of the
// elements' texts.
enum class ElementOrder : uint8_t { AsStored, ByText };

struct Machine {
  const ir::Program& program;
  const ir::Body& body;
  const EvalInput& input;
  std::span<Value> registers;  // at least `body.registers`
  std::vector<Loop>& loops;
  uint64_t loop_work = 0;  // against EvalInput::max_loop_work
  ElementOrder order = ElementOrder::AsStored;
  // Failing sets no error: for an engine that asks again when somebody wants the message.
  bool is_quiet = false;

  uint32_t pc = 0;
  bool satisfied = false;
  Value result = {};
  EvalError error = {};

  auto text(SymbolId id) const -> std::string_view { return input.interner.text(id); }
  auto Set(const ir::Instruction& instruction, const Value& value) -> Step {
    registers[instruction.dst] = value;
    return Step::Next;
  }
  auto Set(const ir::Instruction& instruction, bool value) -> Step { return Set(instruction, Value::OfBool(value)); }
  // False beyond the limit.
  auto PayForLoop(uint64_t work) -> bool {
    loop_work += work;
    return loop_work <= input.max_loop_work;
  }
  auto JumpTo(uint32_t target) -> Step {
    pc = target;
    return Step::Jumped;
  }
};

// One handler a row of ops.def.
#define OP(id, mnemonic, operands, traits, doc) auto Run##id(Machine& machine, const ir::Instruction& instruction)->Step;
#include "runtime/ir/ops.def"
#undef OP

auto FailLoopWork(Machine& machine) -> Step;

// From the first operation to an end: Failed or Ended.
auto Run(Machine& machine) -> Step;

}  // namespace remit::eval
