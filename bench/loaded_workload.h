// One folder of the workloads, loaded into the engine: what every way of asking it starts from.
#pragma once

#include <memory>
#include <string>

#include "bench/workload.h"
#include "compiler/driver/compile_job.h"
#include "runtime/eval/decision.h"
#include "runtime/request/request.h"

namespace remit::bench {

// Parts that end with a line and are no longer than `most`: one source file has a limit. Policy sets that are longer have one
// statement a line.
auto SplitLines(const std::string& text, size_t most) -> std::vector<std::string>;

struct LoadedWorkload {
  CompileJob job;
  std::shared_ptr<const Schema> schema;
  std::shared_ptr<const ir::Program> program;
  std::shared_ptr<const EntityStore> entities;

  // Ends the process with the diagnostics if something does not load: the workloads are valid.
  static auto Load(const Workload& workload) -> std::unique_ptr<LoadedWorkload>;

  void LoadPoliciesOf(const Workload& workload);
  auto ToRequest(const RequestText& text, Interner& interner) const -> Request;
  auto ToAnswer(const Decision& decision) const -> Answer;
  // Ends the process with what was reported so far.
  [[noreturn]] void Fail(const std::string& what) const;
};

}  // namespace remit::bench
