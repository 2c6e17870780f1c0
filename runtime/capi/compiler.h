// What of the C API needs a compiler: made in with_compiler/ for libremit, refused in without_compiler/ for libremit-runtime.
//
// Two libraries of one interface, chosen when they are linked. One library that loads its compiler when it is first needed, the alternative, would
// hide from whoever ships it which of the two it is.
#pragma once

#include <memory>
#include <span>

#include "runtime/capi/engine_state.h"

namespace remit::capi {

// Of native code. REMIT_UNSUPPORTED if there is none.
auto MakeCompiler() -> ResultOf<std::unique_ptr<NativeCompiler>>;

auto FailWithoutNativeCode() -> std::unexpected<Failure>;

// As remit_engine_load. The engine's writer lock is held.
auto LoadSources(EngineState& state, const remit_sources& sources, const remit_load_options& options) -> Result;

// As remit_engine_change_policies. The engine's writer lock is held.
auto ChangePolicies(EngineState& state, const remit_sources& sources, std::span<const remit_string> removed,
                    const remit_load_options& options) -> Result;

// Whether policies are loaded from source, and whether native code is made.
auto HasCompiler() -> bool;
auto HasNativeCompiler() -> bool;

}  // namespace remit::capi
