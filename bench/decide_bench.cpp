// One decision on the interpreter, by number of policies: from an interned request, and from request JSON.
#include <benchmark/benchmark.h>

#include "bench/generated.h"
#include "compiler/driver/compile_job.h"
#include "compiler/driver/decide.h"
#include "runtime/eval/interpreter.h"
#include "runtime/request/json.h"

namespace remit {
namespace {

constexpr std::string_view kRequest =
    R"({"principal":{"type":"User","id":"u3"},"action":{"type":"Action","id":"read"},"resource":{"type":"Doc","id":"d9"},"context":{}})";

struct Fixture {
  CompileJob job;
  std::optional<ir::Program> program;
  std::optional<EntityStore> entities;

  explicit Fixture(int64_t policies) {
    LoadPolicies(job, "bench.cedar", bench::Policies(policies), PolicyFormat::Text);
    program = CompileProgram(job, ast::IdConvention::Remit);
    entities = LoadEntities(job, "entities", bench::Entities(100), nullptr);
  }
};

void BM_DecideInterned(benchmark::State& state) {
  Fixture fixture(state.range(0));
  Arena request_arena;
  const auto document = ReadRequest(kRequest, fixture.job.interner, request_arena, {});
  Arena arena;
  for (auto _ : state) {
    arena.Reset();
    benchmark::DoNotOptimize(Decide(
        *fixture.program, {.entities = *fixture.entities, .request = document->request, .interner = fixture.job.interner, .arena = arena}));
  }
}
BENCHMARK(BM_DecideInterned)->RangeMultiplier(10)->Range(10, 10000);

void BM_DecideFromJson(benchmark::State& state) {
  Fixture fixture(state.range(0));
  RequestDecider decider({.program = *fixture.program, .entities = *fixture.entities, .interner = fixture.job.interner}, {});
  for (auto _ : state) benchmark::DoNotOptimize(decider.Decide(kRequest));
}
BENCHMARK(BM_DecideFromJson)->RangeMultiplier(10)->Range(10, 10000);

}  // namespace
}  // namespace remit
