// Times decisions of a few nanoseconds, by the method of bench/README.md.
//
// Two figures of the same calls. Each call between two fenced looks at the time stamp counter: what a caller waits who waits for nothing else.
// Whole rounds without a clock inside: what a decision costs in a row of others. The counter moves in steps of up to 10 ns, so a request's time
// is its mean over many rounds, less the mean of two looks with nothing between; the median is taken over the requests, the 99th percentile
// over every single call. Timing single calls with the library's clock was the way not taken: at 22 ns a look it measures itself.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "bench/workload.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace remit::bench {

struct Label {
  std::string name;
  std::string version;
  std::string mode;
  bool compares_all = true;  // the decision, every determining policy and the errors; else the decision only
};

inline auto Ticks() -> uint64_t {
#if defined(__x86_64__)
  _mm_lfence();
  const uint64_t ticks = __rdtsc();
  _mm_lfence();
  return ticks;
#else
  return static_cast<uint64_t>(std::chrono::steady_clock::now().time_since_epoch().count());
#endif
}

template <typename T>
inline void Keep(const T& value) {
  asm volatile("" : : "g"(&value) : "memory");
}

// Samples of one request file, and what came of comparing it.
struct Samples {
  std::vector<uint64_t> ticks;  // one per call
  std::vector<double> round_means;  // ns per decision of each round without a clock inside
  size_t rounds = 0;
  size_t checked = 0;
  size_t allowed = 0;
  size_t mismatches = 0;
};

// Writes over 64 MB, so that what a decision needs must come from memory again.
void FlushCaches();

// Whether REMIT_BENCH_MODES, a list with commas, names the mode or is not set.
auto IsWanted(const std::string& mode) -> bool;

// Prints one line of JSON.
void Report(const Workload& workload, const std::string& file, const Label& label, Samples samples);
void Figure(const Workload& workload, const Label& label, const std::string& measure, double value, const std::string& unit);

template <typename Call>
auto ClockedRound(size_t count, Samples& samples, Call& call) -> void {
  for (size_t i = 0; i < count; ++i) {
    const uint64_t begin = Ticks();
    Keep(call(i));
    samples.ticks.push_back(Ticks() - begin);
  }
}

template <typename Call>
auto UnclockedRound(size_t count, Samples& samples, Call& call) -> void {
  const auto begin = std::chrono::steady_clock::now();
  for (size_t i = 0; i < count; ++i) Keep(call(i));
  const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - begin;
  samples.round_means.push_back(time.count() / static_cast<double>(count));
}

// `call(i)` decides request i; `read(i)` decides it once more and gives the answer to compare. An engine so slow that comparing takes longer
// than kMost is measured on as many requests as were compared until then.
template <typename Call, typename Read>
void Measure(const Workload& workload, const std::string& file, const Label& label, Call&& call, Read&& read) {
  if (!IsWanted(label.mode)) return;
  constexpr std::chrono::milliseconds kHot(600);
  constexpr std::chrono::seconds kMost(8);
  const auto start = std::chrono::steady_clock::now();
  const auto within = [&](auto limit) { return std::chrono::steady_clock::now() - start < limit; };
  const bool cold = file == "candidates";
  Samples samples;
  for (const auto& expected : workload.Expected(file)) {
    const Answer answer = read(samples.checked++);
    const bool same = answer.allow == expected.allow && (!label.compares_all || answer == expected);
    samples.mismatches += same ? 0 : 1;
    samples.allowed += answer.allow ? 1 : 0;
    if (!within(kMost)) break;
  }
  samples.ticks.reserve(samples.checked * 2100);
  while (samples.rounds == 0 || (samples.rounds < 5 && within(kMost)) || (!cold && samples.rounds < 2000 && within(kHot))) {
    if (cold) FlushCaches();
    ClockedRound(samples.checked, samples, call);
    if (cold) FlushCaches();
    UnclockedRound(samples.checked, samples, call);
    ++samples.rounds;
  }
  Report(workload, file, label, std::move(samples));
}

}  // namespace remit::bench
