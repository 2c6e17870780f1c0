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

// Elements that the loops of one body may visit in all. Loops nest, so without a bound a request could choose how long a decision takes.
constexpr uint64_t kMostElements = 100'000;

struct Loop {
  uint32_t header;
  uint32_t next_element;
  SetView set;
};

struct Machine {
  const ir::Program& program;
  const ir::Body& body;
  const EvalInput& input;
  std::span<Value> registers;  // at least `body.registers`
  std::vector<Loop>& loops;
  uint64_t elements = 0;  // visited so far

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
  auto JumpTo(uint32_t target) -> Step {
    pc = target;
    return Step::Jumped;
  }
};

// One handler a row of ops.def.
#define OP(id, mnemonic, operands, traits, doc) auto Run##id(Machine& machine, const ir::Instruction& instruction)->Step;
#include "runtime/ir/ops.def"
#undef OP

// From the first operation to an end: Failed or Ended.
auto Run(Machine& machine) -> Step;

}  // namespace remit::eval
