// Code of one body as it grows. Jumps are emitted before their targets are known and land later.
#pragma once

#include "compiler/source/source_file.h"
#include "runtime/ir/program.h"

namespace remit {

class BodyBuilder {
 public:
  // The operation's position. `span` is what an error in it points at.
  auto Emit(const ir::Instruction& instruction, Span span) -> uint32_t;
  // The jump or loop at `position` goes to the next operation.
  void Land(uint32_t position) { body_.code[position].imm = static_cast<uint32_t>(body_.code.size()); }
  // Registers up to and including `index` are in use.
  void Touch(uint32_t index);

  // With no more memory than it needs: there may be a million.
  auto Finish() -> ir::Body;

 private:
  ir::Body body_;
};

}  // namespace remit
