// The engine deciding over and over with nothing timed, for profilers and for counting instructions.
//
// usage: remit_loop FOLDER prepared|strings|json|json-slice|load ROUNDS [REQUESTS]
//
// `load` reads the entities, again and again.
//
// Two runs whose rounds differ have the instructions of a decision as the difference, divided: `bench/instructions` does that. Names of native
// functions go to /tmp/perf-PID.map if REMIT_PERF_MAP is set.
#include <iostream>

#include "bench/loaded_workload.h"
#include "bench/measure.h"
#include "compiler/jit/orc_compiler.h"
#include "runtime/engine/session.h"
#include "runtime/request/json.h"
#include "runtime/request/request_names.h"

namespace remit::bench {
namespace {

class Loop {
 public:
  Loop(const Workload& workload, LoadedWorkload& loaded, std::unique_ptr<NativeCompiler> compiler, std::string file)
      : workload_(workload),
        loaded_(loaded),
        file_(std::move(file)),
        engine_({.tier = CodeTier::Eager}, std::move(compiler), {std::shared_ptr<void>(), &loaded.job.interner}),
        session_(engine_) {
    engine_.PublishPolicies(std::make_shared<Policies>(loaded.program, loaded.schema));
    engine_.PublishEntities(loaded.entities, true);
  }

  void Run(const std::string& mode, size_t rounds) {
    if (mode == "prepared") return RunPrepared(rounds);
    if (mode == "strings") return RunStrings(rounds);
    if (mode == "load") return Load(rounds);
    if (mode == "json") return RunJson(file_, rounds);
    if (mode != "json-slice") loaded_.Fail("mode");
    engine_.PublishEntities(std::make_shared<EntityStore>(), true);
    RunJson("slices", rounds);
  }

 private:
  void Load(size_t rounds) {
    const std::string json = workload_.Text("entities.json");
    Repeat(1, rounds, [&](size_t) {
      CompileJob job;
      const auto schema = LoadSchema(job, "schema", workload_.Text("schema.cedarschema"));
      Keep(LoadEntities(job, "entities", json, &*schema));
    });
  }

  void RunPrepared(size_t rounds) {
    std::vector<PreparedRequest> requests;
    for (const auto& text : workload_.Requests(file_)) requests.emplace_back(loaded_.ToRequest(text, loaded_.job.interner), loaded_.schema);
    Repeat(requests.size(), rounds, [&](size_t i) { Keep(session_.Decide(requests[i])); });
  }

  void RunStrings(size_t rounds) {
    const auto texts = workload_.Requests(file_);
    Repeat(texts.size(), rounds, [&](size_t i) {
      session_.Pin();
      Interner overlay(&loaded_.job.interner);
      Keep(session_.Decide(loaded_.ToRequest(texts[i], overlay), overlay, nullptr, true));
    });
  }

  void RunJson(const std::string& source, size_t rounds) {
    std::vector<std::string> texts;
    for (const auto& value : workload_.Json(source + ".json")) texts.push_back(value.dump());
    const bool asks = engine_.snapshots().current().policies->asks_of_values();
    RequestNames names;
    const JsonOptions options{.limits = {}, .schema = loaded_.schema.get(), .lists_values = asks, .references = names.references()};
    Repeat(texts.size(), rounds, [&](size_t i) {
      const Snapshot& snapshot = session_.Pin();
      session_.ResetArena();
      names.Begin(loaded_.job.interner);
      const auto document = ReadRequest(texts[i], *names, session_.arena(), options, snapshot.entities.get());
      if (!document) loaded_.Fail("request " + texts[i] + ": " + document.error().message);
      Keep(session_.Decide(document->request, *names, document->entities ? &*document->entities : nullptr, true));
    });
  }

  template <typename Call>
  void Repeat(size_t count, size_t rounds, Call call) {
    for (size_t round = 0; round < rounds; ++round) {
      for (size_t i = 0; i < count; ++i) call(i);
    }
    std::cout << count * rounds << " decisions\n";
  }

  const Workload& workload_;
  LoadedWorkload& loaded_;
  std::string file_;
  Engine engine_;
  Session session_;
};

}  // namespace
}  // namespace remit::bench

auto main(int argc, char** argv) -> int {
  using namespace remit::bench;
  if (argc < 4 || argc > 5) {
    std::cerr << "usage: remit_loop FOLDER prepared|strings|json|json-slice|load ROUNDS [REQUESTS]\n";
    return 2;
  }
  const auto workload = Workload::Open(std::filesystem::path(argv[1]).lexically_normal());
  const auto loaded = LoadedWorkload::Load(workload);
  auto compiler = remit::MakeOrcCompiler({.perf_map = std::getenv("REMIT_PERF_MAP") != nullptr});
  if (!compiler) loaded->Fail("compiler");
  Loop(workload, *loaded, std::move(*compiler), argc == 5 ? argv[4] : "requests").Run(argv[2], std::stoul(argv[3]));
}
