// Loading from source, and changing what was loaded: what it means is behind compiler.h.
#include "runtime/capi/compiler.h"
#include "runtime/capi/versioned.h"

using namespace remit::capi;

auto remit_engine_load(remit_engine* engine, const remit_sources* sources, const remit_load_options* options, remit_error** error) noexcept
    -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"engine", engine}, {"sources", sources}}); !given) return given;
    remit_load_options read;
    if (auto done = ReadStruct(options, read); !done) return done;
    if (read.warnings != nullptr) *read.warnings = nullptr;
    const auto lock = engine->state->engine.Lock();
    return LoadSources(*engine->state, *sources, read);
  });
}

auto remit_engine_change_policies(remit_engine* engine, const remit_sources* sources, const remit_string* removed, size_t removed_count,
                                  const remit_load_options* options, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"engine", engine}, {"sources", sources}}); !given) return given;
    if (removed == nullptr && removed_count > 0) return FailArgument("`removed` is missing");
    const std::span<const remit_string> ids(removed, removed_count);
    for (const remit_string id : ids) {
      if (auto given = Require({{"removed", id}}); !given) return given;
    }
    remit_load_options read;
    if (auto done = ReadStruct(options, read); !done) return done;
    if (read.warnings != nullptr) *read.warnings = nullptr;
    const auto lock = engine->state->engine.Lock();
    return ChangePolicies(*engine->state, *sources, ids, read);
  });
}
