// Engines: made, waited for, measured.
#include "runtime/capi/compiler.h"
#include "runtime/capi/versioned.h"

namespace remit::capi {
namespace {

template <typename T, typename Given>
void Override(T& limit, Given given) {
  if (given != 0) limit = static_cast<T>(given);
}

auto ReadLimits(const remit_limits* given, Limits& limits) -> Result {
  remit_limits read;
  if (auto done = ReadStruct(given, read); !done) return done;
  // Deeper, reading itself would need more stack than threads have.
  constexpr uint32_t kDeepest = 1000;
  if (read.max_nesting > kDeepest || read.max_json_depth > kDeepest) return FailArgument("a limit of nesting is at most 1000");
  Override(limits.max_source_bytes, read.max_source_bytes);
  Override(limits.max_json_bytes, read.max_json_bytes);
  Override(limits.max_request_bytes, read.max_request_bytes);
  Override(limits.max_nesting, read.max_nesting);
  Override(limits.max_json_depth, read.max_json_depth);
  Override(limits.max_loop_work, read.max_loop_work);
  Override(limits.max_diagnostics, read.max_diagnostics);
  Override(limits.max_statement_tokens, read.max_statement_tokens);
  return {};
}

auto MakeState(const remit_engine_options& given) -> ResultOf<std::shared_ptr<EngineState>> {
  EngineOptions options;
  if (auto read = ReadLimits(given.limits, options.limits); !read) return Forward(read.error());
  switch (given.tier) {
    case REMIT_TIER_DEFAULT: break;
    case REMIT_TIER_INTERPRETER: options.tier = CodeTier::Never; break;
    case REMIT_TIER_BACKGROUND: options.tier = CodeTier::Background; break;
    case REMIT_TIER_EAGER: options.tier = CodeTier::Eager; break;
    default: return FailArgument("there is no such tier");  // a number of the caller's
  }
  if (options.tier == CodeTier::Never) return std::make_shared<EngineState>(options, nullptr);
  auto compiler = MakeCompiler();
  if (compiler) return std::make_shared<EngineState>(options, std::move(*compiler));
  if (given.tier != REMIT_TIER_DEFAULT) return Forward(compiler.error());
  return std::make_shared<EngineState>(options, nullptr);
}

auto WaitForCode(Engine& engine) -> Result {
  engine.WaitForCode();
  auto message = engine.code_error();
  if (message.empty()) return {};
  return Fail(REMIT_INTERNAL, {.code = "native-code", .message = std::move(message), .pointer = {}, .help = {}});
}

auto Measure(Engine& engine) -> remit_statistics {
  const auto lock = engine.Lock();
  const auto footprint = engine.footprint();
  const auto& snapshot = engine.snapshots().current();
  return {.size = 0,
          .snapshot = snapshot.number,
          .policies = snapshot.policies->program().policies.size(),
          .entities = snapshot.entities->entities().size(),
          .policy_bytes = footprint.policies,
          .entity_bytes = footprint.entities,
          .symbol_bytes = footprint.symbols};
}

}  // namespace

auto FailWithoutNativeCode() -> std::unexpected<Failure> {
  return Fail(REMIT_UNSUPPORTED, {.code = "no-native-code",
                                  .message = "this build of the library has no compiler of native code",
                                  .pointer = {},
                                  .help = "ask for REMIT_TIER_DEFAULT or REMIT_TIER_INTERPRETER"});
}

}  // namespace remit::capi

using namespace remit::capi;

auto remit_engine_new(const remit_engine_options* options, remit_engine** engine, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"engine", engine}}); !given) return given;
    *engine = nullptr;
    remit_engine_options read;
    if (auto done = ReadStruct(options, read); !done) return done;
    auto state = MakeState(read);
    if (!state) return Forward(state.error());
    (*state)->forbid_errors_deny = read.forbid_errors_deny != 0;
    *engine = new remit_engine{.state = std::move(*state)};
    return {};
  });
}

void remit_engine_free(remit_engine* engine) noexcept { delete engine; }

auto remit_engine_wait_for_code(remit_engine* engine, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"engine", engine}}); !given) return given;
    return WaitForCode(engine->state->engine);
  });
}

auto remit_engine_statistics(remit_engine* engine, remit_statistics* statistics, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"engine", engine}, {"statistics", statistics}}); !given) return given;
    if (!WriteStruct(Measure(engine->state->engine), statistics)) return FailArgument("the size of `statistics` is not set");
    return {};
  });
}
