// The reference interpreter on a workload.
#include "bench/remit_engines.h"
#include "compiler/driver/decide.h"
#include "runtime/eval/interpreter.h"

namespace remit::bench {
namespace {

constexpr const char* kInterpreter = "remit-interpreter";

// ---- decisions ------------------------------------------------------------------------------------------------------------------

void MeasureResident(const Workload& workload, const LoadedWorkload& loaded, const std::string& file) {
  const auto texts = workload.Requests(file);
  Interner interner(&loaded.job.interner);
  Arena arena;
  const auto decide = [&](const Request& request, const Interner& symbols) {
    arena.Reset();
    return Decide(*loaded.program, {.entities = *loaded.entities, .request = request, .interner = symbols, .arena = arena});
  };
  std::vector<Request> requests;
  for (const auto& text : texts) requests.push_back(loaded.ToRequest(text, interner));
  const auto prepared = [&](size_t i) { return decide(requests[i], interner); };
  Measure(workload, file, {.name = kInterpreter, .version = "dev", .mode = "prepared"}, prepared,
          [&](size_t i) { return loaded.ToAnswer(prepared(i)); });
  const auto strings = [&](size_t i) {
    Interner overlay(&loaded.job.interner);
    return decide(loaded.ToRequest(texts[i], overlay), overlay);
  };
  Measure(workload, file, {.name = kInterpreter, .version = "dev", .mode = "strings"}, strings,
          [&](size_t i) { return loaded.ToAnswer(strings(i)); });
}

// Requests as text, with or without their entities.
void MeasureJson(const Workload& workload, LoadedWorkload& loaded, const std::string& file, const std::string& source,
                 const std::string& mode, const EntityStore& entities) {
  std::vector<std::string> texts;
  for (const auto& value : workload.Json(source + ".json")) texts.push_back(value.dump());
  RequestDecider decider({.program = *loaded.program, .entities = entities, .interner = loaded.job.interner, .schema = &*loaded.schema},
                         {});
  const auto decide = [&](size_t i) { return decider.Decide(texts[i]); };
  Measure(workload, file, {.name = kInterpreter, .version = "dev", .mode = mode}, decide, [&](size_t i) {
    const auto answer = decide(i);
    if (!answer) loaded.Fail("request " + texts[i] + ": " + answer.error().message);
    return loaded.ToAnswer(answer->decision);
  });
}

}  // namespace

void MeasureInterpreter(const Workload& workload, LoadedWorkload& loaded) {
  for (const auto& file : workload.Files()) {
    MeasureResident(workload, loaded, file);
    MeasureJson(workload, loaded, file, file, "json", *loaded.entities);
  }
  const EntityStore none;
  if (workload.Has("slices.json")) MeasureJson(workload, loaded, "requests", "slices", "json-slice", none);
}

}  // namespace remit::bench
