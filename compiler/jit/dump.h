// Native code as text, for people: what `remit compile --dump llvm|asm` prints.
#pragma once

#include <string>

#include "runtime/base/error.h"
#include "runtime/ir/program.h"

namespace remit {

enum class NativeText : uint8_t { Llvm, Assembly };

// Of each shape: LLVM IR as it was optimised, or assembly for this machine. A comment above it names the policies that have the shape.
auto DumpNative(const ir::Program& program, const Interner& interner, NativeText text) -> Expected<std::string>;

}  // namespace remit
