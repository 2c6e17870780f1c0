// The state of budgets and breakers: read by the interpreter's handlers, from tables of the frame.
#include "compiler/jit/body_to_llvm.h"

namespace remit::jit {

// A long or a decimal.
void BodyToLlvm::EmitReadBudget(const Instruction& i) { SetFromHandler(i, {}); }
void BodyToLlvm::EmitHasBudget(const Instruction& i) { SetFromHandler(i, {}, Kind::Bool); }
void BodyToLlvm::EmitIsOpen(const Instruction& i) { SetFromHandler(i, {}, Kind::Bool); }
void BodyToLlvm::EmitHasBreaker(const Instruction& i) { SetFromHandler(i, {}, Kind::Bool); }
void BodyToLlvm::EmitCalls(const Instruction& i) { SetFromHandler(i, {}, Kind::Long); }
void BodyToLlvm::EmitFailures(const Instruction& i) { SetFromHandler(i, {}, Kind::Long); }

}  // namespace remit::jit
