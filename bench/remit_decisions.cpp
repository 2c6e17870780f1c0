// Remit on one folder of the workloads: one JSON object a line, as bench/README.md describes.
//
// usage: remit_decisions FOLDER
//
// `remit-interpreter` is the reference engine, which every decision starts on before native code is there.
#include <malloc.h>

#include <iostream>

#include "bench/loaded_workload.h"
#include "bench/measure.h"
#include "compiler/driver/check.h"
#include "compiler/driver/decide.h"
#include "runtime/eval/interpreter.h"

namespace remit::bench {
namespace {

constexpr const char* kInterpreter = "remit-interpreter";

// ---- decisions ------------------------------------------------------------------------------------------------------------------

void MeasureInterpreter(const Workload& workload, const LoadedWorkload& loaded, const std::string& file) {
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
void MeasureJson(const Workload& workload, const LoadedWorkload& loaded, const std::string& file, const std::string& source,
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

// ---- loading --------------------------------------------------------------------------------------------------------------------

auto LiveBytes() -> double {
  const auto info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
}

template <typename Call>
auto BestNanoseconds(int times, Call&& call) -> double {
  double best = 1e300;
  for (int i = 0; i < times; ++i) {
    const auto start = std::chrono::steady_clock::now();
    call();
    best = std::min(best, std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

// Entities and policies again, beside those loaded: their time, and the memory they keep.
void MeasureLoading(const Workload& workload, LoadedWorkload& loaded) {
  const Engine engine{.name = "remit", .version = "dev", .mode = ""};
  const auto report = [&](const char* what, double value, const char* unit) { Figure(workload, engine, what, value, unit); };
  const std::string json = workload.Text("entities.json");
  const double count = static_cast<double>(workload.Json("entities.json").size());
  {
    CompileJob job;
    const auto schema = LoadSchema(job, "schema", workload.Text("schema.cedarschema"));
    const double before = LiveBytes();
    std::optional<EntityStore> entities;
    const double time = BestNanoseconds(1, [&] { entities = LoadEntities(job, "entities", json, &*schema); });
    report("entities-load", static_cast<double>(json.size()) / time * 1e3, "MB/s");
    report("entity-memory", (LiveBytes() - before) / count, "bytes/entity");
  }
  const std::string linked = workload.Text(workload.Has("policies_linked.cedar") ? "policies_linked.cedar" : "policies.cedar");
  const auto policies = static_cast<double>(loaded.program->policies.size());
  report("policies", policies, "policies");
  {
    const double before = LiveBytes();
    CompileJob job;
    LoadPolicies(job, "policies", workload.Text("policies.cedar"), PolicyFormat::Text);
    if (workload.Has("links.json")) LoadLinks(job, "links", workload.Text("links.json"));
    const auto program = CompileProgram(job, ast::IdConvention::Remit);
    report("policy-memory", (LiveBytes() - before) / policies, "bytes/policy");
  }
  if (workload.Has("links.json") && !workload.Has("policies_linked.cedar")) return;  // the text lacks most policies
  const double parse = BestNanoseconds(3, [&] {
    CompileJob job;
    LoadPolicies(job, "policies", linked, PolicyFormat::Text);
  });
  report("policy-parse", parse / policies, "ns/policy");
  CompileJob job;
  const auto schema = LoadSchema(job, "schema", workload.Text("schema.cedarschema"));
  LoadPolicies(job, "policies", linked, PolicyFormat::Text);
  report("policy-validate", BestNanoseconds(3, [&] { CheckPolicies(job, *schema, ast::IdConvention::Remit, {}); }) / policies, "ns/policy");
}

void Run(const Workload& workload) {
  const auto loaded = LoadedWorkload::Load(workload);
  for (const auto& file : workload.Files()) {
    MeasureInterpreter(workload, *loaded, file);
    MeasureJson(workload, *loaded, file, file, "json", *loaded->entities);
  }
  const EntityStore none;
  if (workload.Has("slices.json") && IsWanted("json-slice")) MeasureJson(workload, *loaded, "requests", "slices", "json-slice", none);
  MeasureLoading(workload, *loaded);
}

}  // namespace
}  // namespace remit::bench

auto main(int argc, char** argv) -> int {
  using namespace remit::bench;
  if (argc != 2) {
    std::cerr << "usage: remit_decisions FOLDER\n";
    return 2;
  }
  Run(Workload::Open(std::filesystem::path(argv[1]).lexically_normal()));
}
