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

// `target`: a name of runtime/native/target.h, or empty for this machine with all it can do.
auto MakeObjects(const ir::Program& program, std::span<const FunctionPlan> plans, NativeLevel level, std::string_view target)
    -> Expected<Objects>;

}  // namespace remit::jit
