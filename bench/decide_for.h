// How long decisions take while something else goes on: a thread that asks and asks.
#pragma once

#include <chrono>

#include "bench/loaded_workload.h"
#include "runtime/engine/engine.h"

namespace remit::bench {

// Nanoseconds, with the clock.
struct DecisionTimes {
  double median;
  double p99;
  double p9999;
};

// Decides the workload's requests over and over for so long, each call between two looks at the time stamp counter.
auto DecideFor(std::chrono::milliseconds time, const Workload& workload, LoadedWorkload& loaded, Engine& engine) -> DecisionTimes;

}  // namespace remit::bench
