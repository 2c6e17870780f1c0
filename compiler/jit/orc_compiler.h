// The compiler of native code, without a word of LLVM.
#pragma once

#include <memory>

#include "runtime/native/native_compiler.h"

namespace remit {

auto MakeOrcCompiler() -> Expected<std::unique_ptr<NativeCompiler>>;

}  // namespace remit
