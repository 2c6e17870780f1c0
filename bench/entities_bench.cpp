// Entity JSON to a store with its closure: bytes and entities a second.
#include <benchmark/benchmark.h>

#include "bench/generated.h"
#include "runtime/request/json.h"

namespace remit {
namespace {

void BM_EntitiesFromJson(benchmark::State& state) {
  const auto json = bench::Entities(state.range(0));
  for (auto _ : state) {
    Interner interner;
    if (!ReadEntities(json, interner, {})) state.SkipWithError("not read");
  }
  state.SetBytesProcessed(static_cast<int64_t>(json.size()) * state.iterations());
  state.SetItemsProcessed(2 * state.range(0) * state.iterations());
}
BENCHMARK(BM_EntitiesFromJson)->RangeMultiplier(10)->Range(10, 100000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace remit
