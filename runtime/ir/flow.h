// Which registers are certainly assigned at each operation of a body: one pass, since jumps only go forward.
//
// A state is kept for the operation at hand and for the targets still ahead. A fixpoint over basic blocks, the general way, is for code
// with back edges; here loops are regions and the way round adds nothing that was not assigned before them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/ir/program.h"

namespace remit::ir {

class Flow {
 public:
  explicit Flow(const Body& body) : body_(body), assigned_((size_t{body.registers} + 63) / 64) {}

  // What is wrong with the body, if anything. Operands are in range already: see verify.cpp.
  auto Check() -> std::optional<std::string>;

 private:
  using Bits = std::vector<uint64_t>;
  struct Loop {
    uint32_t end;    // the loop's target; its `next` is at end - 1
    Register result;
    Bits at_header;
  };
  using Problem = std::optional<std::string>;

  auto CheckOperation(uint32_t at, const Instruction& instruction) -> Problem;
  auto CheckReads(const Instruction& instruction) const -> Problem;
  auto Enter(uint32_t at, const Instruction& instruction) -> Problem;
  auto Close(uint32_t at) -> Problem;
  auto JumpTo(uint32_t target) -> Problem;
  auto IsAssigned(Register index) const -> bool { return ((assigned_[index / 64] >> (index % 64)) & 1) != 0; }
  void Assign(Register index) { assigned_[index / 64] |= uint64_t{1} << (index % 64); }

  const Body& body_;
  Bits assigned_;
  bool reachable_ = true;
  std::map<uint32_t, Bits> ahead_;  // by target
  std::vector<Loop> loops_;
};

}  // namespace remit::ir
