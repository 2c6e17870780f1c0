// Policy text to syntax tree, and to a verified decision program: bytes and policies a second.
#include <benchmark/benchmark.h>

#include "bench/generated.h"
#include "compiler/driver/compile_job.h"

namespace remit {
namespace {

void SetRates(benchmark::State& state, const std::string& text) {
  state.SetBytesProcessed(static_cast<int64_t>(text.size()) * state.iterations());
  state.SetItemsProcessed(state.range(0) * state.iterations());
}

void BM_TextToTree(benchmark::State& state) {
  const auto text = bench::Policies(state.range(0));
  for (auto _ : state) {
    CompileJob job;
    if (!LoadPolicies(job, "bench.cedar", text, PolicyFormat::Text)) state.SkipWithError("does not parse");
  }
  SetRates(state, text);
}
BENCHMARK(BM_TextToTree)->RangeMultiplier(10)->Range(10, 10000)->Unit(benchmark::kMillisecond);

void BM_TextToProgram(benchmark::State& state) {
  const auto text = bench::Policies(state.range(0));
  for (auto _ : state) {
    CompileJob job;
    LoadPolicies(job, "bench.cedar", text, PolicyFormat::Text);
    if (!CompileProgram(job, ast::IdConvention::Remit)) state.SkipWithError("does not compile");
  }
  SetRates(state, text);
}
BENCHMARK(BM_TextToProgram)->RangeMultiplier(10)->Range(10, 10000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace remit
