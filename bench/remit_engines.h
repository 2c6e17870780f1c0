// What remit_decisions measures of us, one function a file.
#pragma once

#include "bench/loaded_workload.h"
#include "bench/measure.h"

namespace remit::bench {

// The engine: prepared requests, ids as strings, JSON. Ends the process if a decision fell back to the interpreter.
void MeasureNative(const Workload& workload, LoadedWorkload& loaded);
void MeasureInterpreter(const Workload& workload, LoadedWorkload& loaded);
// The same through include/remit/remit.h.
void MeasureCapi(const Workload& workload);
// Time to load policies and entities, and the memory they keep.
void MeasureLoading(const Workload& workload, const LoadedWorkload& loaded);

// The stages from policy text to the first decision, on the interpreter and native.
void MeasureCompiling(const Workload& workload, const LoadedWorkload& loaded);

// From a bundle to the first decision.
void MeasureBundle(const Workload& workload, LoadedWorkload& loaded);

}  // namespace remit::bench
