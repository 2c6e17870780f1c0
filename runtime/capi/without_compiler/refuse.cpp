// libremit-runtime: bundles are all it loads.
#include "runtime/capi/compiler.h"

namespace remit::capi {

auto HasCompiler() -> bool { return false; }
auto HasNativeCompiler() -> bool { return false; }

auto MakeCompiler() -> ResultOf<std::unique_ptr<NativeCompiler>> { return FailWithoutNativeCode(); }

namespace {

auto FailWithoutCompiler() -> Result {
  return Fail(REMIT_UNSUPPORTED, {.code = "no-compiler",
                                  .message = "this build of the library does not compile policies",
                                  .pointer = {},
                                  .help = "build a bundle with `remit build` and load that, or link libremit"});
}

}  // namespace

auto LoadSources(EngineState&, const remit_sources&, const remit_load_options&) -> Result { return FailWithoutCompiler(); }

auto ChangePolicies(EngineState&, const remit_sources&, std::span<const remit_string>, const remit_load_options&) -> Result {
  return FailWithoutCompiler();
}

}  // namespace remit::capi
