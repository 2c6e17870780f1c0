// Names of native code for `perf`: a line for each function in /tmp/perf-PID.map.
//
// The jitdump format also keeps the code itself, for `perf annotate`; it needs a file of its own for each run and a pass over the recording.
#pragma once

#include <llvm/Support/MemoryBuffer.h>

#include <span>
#include <string>
#include <vector>

namespace remit::jit {

struct FunctionSize {
  std::string name;
  uint64_t bytes;
};

// The functions of an object file.
auto FunctionsOf(const llvm::MemoryBuffer& object) -> std::vector<FunctionSize>;

// `addresses` is parallel to `functions`. Thread-safe; a map that cannot be written is no error.
void AddToPerfMap(std::span<const FunctionSize> functions, std::span<void* const> addresses);

}  // namespace remit::jit
