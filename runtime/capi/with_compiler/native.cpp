#include "runtime/capi/compiler.h"
#ifdef REMIT_JIT
#include "compiler/jit/orc_compiler.h"
#endif

namespace remit::capi {

auto HasCompiler() -> bool { return true; }

#ifdef REMIT_JIT

auto HasNativeCompiler() -> bool { return true; }

auto MakeCompiler() -> ResultOf<std::unique_ptr<NativeCompiler>> {
  auto compiler = MakeOrcCompiler();
  if (!compiler) return Fail(REMIT_UNSUPPORTED, std::move(compiler.error()));
  return std::move(*compiler);
}

#else

auto HasNativeCompiler() -> bool { return false; }

auto MakeCompiler() -> ResultOf<std::unique_ptr<NativeCompiler>> { return FailWithoutNativeCode(); }

#endif

}  // namespace remit::capi
