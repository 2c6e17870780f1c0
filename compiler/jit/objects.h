// Functions to object files, in batches.
#pragma once

#include <llvm/Support/MemoryBuffer.h>

#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "compiler/jit/program_to_llvm.h"

namespace remit::jit {

struct Objects {
  std::vector<std::unique_ptr<llvm::MemoryBuffer>> files;
  size_t left_out = 0;  // bodies that are too large

  auto bytes() const -> size_t;
};

// `names`: of the image that they are for, if they are for one. `target`: a name of runtime/native/target.h, or empty for this machine with all it can do.
auto MakeObjects(const ir::Program& program, std::span<const FunctionPlan> plans, NativeLevel level, std::string_view target,
                 ImageNames* names = nullptr) -> Expected<Objects>;

}  // namespace remit::jit
