// Loading from source: what it means is behind compiler.h.
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
