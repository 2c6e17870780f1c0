// The engine with native code on a workload.
#include <iostream>

#include "bench/remit_engines.h"
#include "compiler/jit/orc_compiler.h"
#include "runtime/engine/session.h"
#include "runtime/request/json.h"

namespace remit::bench {
namespace {

constexpr const char* kNative = "remit";

class NativeBench {
 public:
  NativeBench(const Workload& workload, LoadedWorkload& loaded, std::unique_ptr<NativeCompiler> compiler)
      : workload_(workload),
        loaded_(loaded),
        engine_({.tier = CodeTier::Eager}, std::move(compiler), {std::shared_ptr<void>(), &loaded.job.interner}),
        session_(engine_) {
    engine_.PublishPolicies(std::make_shared<Policies>(loaded.program, loaded.schema));
    engine_.PublishEntities(loaded.entities, true);
  }

  void Run() {
    for (const auto& file : workload_.Files()) {
      RunPrepared(file);
      RunStrings(file);
      RunJson(file, file, "json");
    }
    if (!workload_.Has("slices.json")) return;
    engine_.PublishEntities(std::make_shared<EntityStore>(), true);
    RunJson("requests", "slices", "json-slice");
  }

 private:
  void RunPrepared(const std::string& file) {
    std::vector<PreparedRequest> requests;
    for (const auto& text : workload_.Requests(file)) requests.emplace_back(loaded_.ToRequest(text, loaded_.job.interner), loaded_.schema);
    Take(file, "prepared", [&](size_t i) { return session_.Decide(requests[i]); });
  }

  // Strings are looked up in an overlay, so that unknown ones are no reason to grow.
  void RunStrings(const std::string& file) {
    const auto texts = workload_.Requests(file);
    Take(file, "strings", [&](size_t i) {
      session_.Pin();
      Interner overlay(&loaded_.job.interner);
      return session_.Decide(loaded_.ToRequest(texts[i], overlay), overlay, nullptr, true);
    });
  }

  void RunJson(const std::string& file, const std::string& source, const std::string& mode) {
    std::vector<std::string> texts;
    for (const auto& value : workload_.Json(source + ".json")) texts.push_back(value.dump());
    const JsonOptions options{.limits = {}, .schema = loaded_.schema.get()};
    Take(file, mode, [&](size_t i) {
      const Snapshot& snapshot = session_.Pin();
      session_.ResetArena();
      Interner overlay(&loaded_.job.interner);
      const auto document = ReadRequest(texts[i], overlay, session_.arena(), options, snapshot.entities.get());
      if (!document) loaded_.Fail("request " + texts[i] + ": " + document.error().message);
      return session_.Decide(document->request, overlay, document->entities ? &*document->entities : nullptr, true);
    });
  }

  template <typename Call>
  void Take(const std::string& file, const std::string& mode, Call call) {
    Measure(workload_, file, {.name = kNative, .version = "dev", .mode = mode}, call, [&](size_t i) {
      call(i);
      return loaded_.ToAnswer(session_.ToDecision());
    });
    if (session_.interpreted() == 0 && engine_.code_error().empty()) return;
    std::cerr << "not all was native: " << session_.interpreted() << " bodies interpreted; " << engine_.code_error() << "\n";
    std::exit(3);
  }

  const Workload& workload_;
  LoadedWorkload& loaded_;
  Engine engine_;
  Session session_;
};

}  // namespace

void MeasureNative(const Workload& workload, LoadedWorkload& loaded) {
  auto compiler = MakeOrcCompiler();
  if (!compiler) loaded.Fail("compiler: " + compiler.error().message);
  NativeBench(workload, loaded, std::move(*compiler)).Run();
}

}  // namespace remit::bench
