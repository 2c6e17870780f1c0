// Remit on one folder of the workloads: one JSON object a line, as bench/README.md describes.
//
// usage: remit_decisions FOLDER
//
// `remit` is the engine with native code; `remit-interpreter` is the reference engine, on which every decision starts before native code is there.
#include <iostream>

#include "bench/remit_engines.h"

auto main(int argc, char** argv) -> int {
  using namespace remit::bench;
  if (argc != 2) {
    std::cerr << "usage: remit_decisions FOLDER\n";
    return 2;
  }
  const auto workload = Workload::Open(std::filesystem::path(argv[1]).lexically_normal());
  MeasureCapi(workload);
  const auto loaded = LoadedWorkload::Load(workload);
  MeasureNative(workload, *loaded);
  MeasureInterpreter(workload, *loaded);
  MeasureLoading(workload, *loaded);
  MeasureCompiling(workload, *loaded);
  MeasureBundle(workload, *loaded);
}
