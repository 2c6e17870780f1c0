// Which of LLVM's passes run.
#pragma once

#include <llvm/IR/Module.h>
#include <llvm/Target/TargetMachine.h>

#include "runtime/native/native_compiler.h"

namespace remit::jit {

void Optimise(llvm::Module& module, llvm::TargetMachine& machine, NativeLevel level);

}  // namespace remit::jit
