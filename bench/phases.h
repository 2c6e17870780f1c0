// Measures one of two phases that belong together: reserving, or settling what was reserved. In batches, since a clock takes longer than a reservation;
// benchmarks that use it take their time from here (`UseManualTime`). It is the thread's processor time, so that others on the machine count less.
#pragma once

#include <benchmark/benchmark.h>

#include <time.h>

#include <cstddef>
#include <cstdint>

namespace remit {

enum class Phase : uint8_t { Reserve, Settle };

inline constexpr size_t kPhaseBatch = 128;

inline auto ThreadSeconds() -> double {
  timespec time = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// `reserve(i)` and `settle(i)` of each i below `kPhaseBatch`, `begin()` before them.
template <typename Begin, typename Reserve, typename Settle>
void RunPhases(benchmark::State& state, Phase counted, const Begin& begin, const Reserve& reserve, const Settle& settle) {
  while (state.KeepRunningBatch(kPhaseBatch)) {
    begin();
    const double first = ThreadSeconds();
    for (size_t i = 0; i < kPhaseBatch; ++i) reserve(i);
    const double second = ThreadSeconds();
    for (size_t i = 0; i < kPhaseBatch; ++i) settle(i);
    const double third = ThreadSeconds();
    state.SetIterationTime(counted == Phase::Reserve ? second - first : third - second);
  }
}

}  // namespace remit
