// Functions of native code as LLVM modules: shapes and groups.
#pragma once

#include <llvm/IR/Module.h>
#include <llvm/TargetParser/Triple.h>

#include <string>

#include "compiler/jit/body_to_llvm.h"

namespace remit::jit {

// One function to be compiled: a body over literals from a table, or a group.
struct FunctionPlan {
  std::string name;
  std::vector<uint32_t> bodies;  // of a shape: its first body alone
  Environment environment;
  bool is_group = false;
};

// `names`: of the image that the code is for, if it is for one. `left_out` is increased by the bodies that are too large, which answer BodyFailed.
auto PlansToLlvm(llvm::LLVMContext& context, const llvm::DataLayout& layout, const llvm::Triple& triple, const ir::Program& program,
                 std::span<const FunctionPlan> plans, NativeLevel level, size_t& left_out, ImageNames* names = nullptr)
    -> std::unique_ptr<llvm::Module>;

}  // namespace remit::jit
