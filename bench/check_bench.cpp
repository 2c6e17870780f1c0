// Checking policies against a schema of 100 entity types and 500 actions: the input that peers/cedar_validate.mjs gives Cedar and writes for
// us with `--out`. REMIT_BENCH_VALIDATION names that folder; `./dev bench` sees to both.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>

#include "compiler/driver/check.h"
#include "compiler/driver/files.h"

namespace remit {
namespace {

// Empty where the input is not there.
auto Input(const std::string& name) -> std::string {
  const char* folder = std::getenv("REMIT_BENCH_VALIDATION");
  const auto text = ReadTextFile(fmt::format("{}/{}", folder == nullptr ? "." : folder, name), size_t{1} << 30);
  return text ? *text : std::string{};
}

struct Loaded {
  CompileJob job;
  std::optional<Schema> schema;
};

auto Load(benchmark::State& state, Loaded& loaded) -> bool {
  const auto policies = Input(fmt::format("policies-{}.cedar", state.range(0)));
  loaded.schema = LoadSchema(loaded.job, "schema", Input("schema.cedarschema"));
  if (!policies.empty() && loaded.schema && LoadPolicies(loaded.job, "policies", policies, PolicyFormat::Text)) return true;
  state.SkipWithError("no input: REMIT_BENCH_VALIDATION names the folder that peers/cedar_validate.mjs --out wrote");
  return false;
}

// Tree and schema in hand: what the checker itself takes.
void BM_Check(benchmark::State& state) {
  Loaded loaded;
  if (!Load(state, loaded)) return;
  for (auto _ : state) {
    const auto typed = CheckPolicies(loaded.job, *loaded.schema, ast::IdConvention::Cedar, {});
    if (!typed->ok()) state.SkipWithError("the policies are valid for Cedar");
    benchmark::DoNotOptimize(typed);
  }
  state.SetItemsProcessed(state.range(0) * state.iterations());
  state.SetComplexityN(state.range(0));
}
BENCHMARK(BM_Check)->Arg(100)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond)->Complexity(benchmark::oN);

// Schema and policies from text, as the peer has to.
void BM_ReadAndCheck(benchmark::State& state) {
  const auto schema_text = Input("schema.cedarschema");
  const auto policies = Input(fmt::format("policies-{}.cedar", state.range(0)));
  for (auto _ : state) {
    CompileJob job;
    const auto schema = LoadSchema(job, "schema", schema_text);
    if (!schema || policies.empty() || !LoadPolicies(job, "policies", policies, PolicyFormat::Text)) {
      state.SkipWithError("no input: REMIT_BENCH_VALIDATION names the folder that peers/cedar_validate.mjs --out wrote");
      return;
    }
    benchmark::DoNotOptimize(CheckPolicies(job, *schema, ast::IdConvention::Cedar, {}));
  }
  state.SetItemsProcessed(state.range(0) * state.iterations());
}
BENCHMARK(BM_ReadAndCheck)->Arg(100)->Arg(1000)->Arg(10000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace remit
