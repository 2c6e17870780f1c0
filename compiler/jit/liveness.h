// Which registers may be read again behind each jump target of a body: only those take part in joins.
//
// One pass from the end, since jumps go forward. A loop counts as reading, at its end, all it reads anywhere: more than needed, never less.
#pragma once

#include <unordered_map>
#include <vector>

#include "runtime/ir/program.h"

namespace remit::jit {

// By jump target; ascending.
using LiveRegisters = std::unordered_map<uint32_t, std::vector<ir::Register>>;

auto FindLiveRegisters(const ir::Body& body) -> LiveRegisters;

// Calls `visit` with each register that the operation reads.
template <typename Visit>
void VisitReads(const ir::Instruction& instruction, Visit visit) {
  for (const char operand : ir::GetOp(instruction.op).operands) {
    if (operand == 'a') visit(instruction.a);
    if (operand == 'b') visit(instruction.b);
    for (uint32_t i = 0; operand == 'r' && i < instruction.count; ++i) visit(static_cast<ir::Register>(instruction.a + i));
  }
}

}  // namespace remit::jit
