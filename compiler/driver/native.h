// The native engine, if this build has one.
#pragma once

#include <memory>

#include "runtime/base/error.h"
#include "runtime/native/native_compiler.h"

namespace remit {

// What decides: the reference interpreter, or native code.
enum class EngineChoice : uint8_t { Interpreter, Native };

// Null for the interpreter. Error: "native-unavailable" in a build without native code, or what LLVM says.
auto CompilerFor(EngineChoice choice) -> Expected<std::shared_ptr<NativeCompiler>>;

}  // namespace remit
