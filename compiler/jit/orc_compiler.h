// The compiler of native code, without a word of LLVM.
#pragma once

#include <memory>

#include "runtime/native/native_compiler.h"

namespace remit {

// For tools that look at running code; both are off, since they cost memory for as long as the process lives.
struct OrcOptions {
  bool perf_map = false;  // names for perf in /tmp/perf-PID.map, which is only ever added to
  bool debugger = false;  // names for GDB and LLDB, through the interface of GDB
};

auto MakeOrcCompiler(const OrcOptions& options = {}) -> Expected<std::unique_ptr<NativeCompiler>>;

}  // namespace remit
