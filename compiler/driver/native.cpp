#include "compiler/driver/native.h"

#ifdef REMIT_JIT
#include "compiler/jit/orc_compiler.h"
#endif

namespace remit {
namespace {

#ifdef REMIT_JIT
auto MakeCompiler() -> Expected<std::shared_ptr<NativeCompiler>> { return MakeOrcCompiler(); }
#else
auto MakeCompiler() -> Expected<std::shared_ptr<NativeCompiler>> {
  return std::unexpected(Error{.code = "native-unavailable",
                               .message = "this build has no native engine",
                               .pointer = {},
                               .help = "it was configured with REMIT_JIT=OFF"});
}
#endif

}  // namespace

auto CompilerFor(EngineChoice choice) -> Expected<std::shared_ptr<NativeCompiler>> {
  switch (choice) {
    case EngineChoice::Interpreter: return nullptr;
    case EngineChoice::Native: return MakeCompiler();
  }
  return nullptr;
}

}  // namespace remit
