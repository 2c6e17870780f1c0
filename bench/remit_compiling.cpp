// From policy text to decisions: each stage, the first decision, and the moment when all is native.
#include <unistd.h>

#include <fstream>

#include "bench/remit_engines.h"
#include "compiler/driver/check.h"
#include "compiler/jit/orc_compiler.h"
#include "runtime/engine/session.h"

namespace remit::bench {
namespace {

auto ResidentBytes() -> double {
  size_t all = 0;
  size_t resident = 0;
  std::ifstream("/proc/self/statm") >> all >> resident;
  return static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

class Stopwatch {
 public:
  auto Milliseconds() const -> double {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// One start of an embedder who has schema and entities at hand.
class Start {
 public:
  Start(const Workload& workload, const LoadedWorkload& loaded) : workload_(workload), loaded_(loaded), parts_(Parts()) {
    schema_ = std::make_shared<const Schema>(*LoadSchema(job_, "schema", workload.Text("schema.cedarschema")));
    entities_ = std::make_shared<const EntityStore>(*LoadEntities(job_, "entities", workload.Text("entities.json"), schema_.get()));
  }

  void Run(CodeTier tier) {
    auto compiler = MakeOrcCompiler();
    if (!compiler) loaded_.Fail("compiler");
    Engine engine({.tier = tier}, std::move(*compiler), {std::shared_ptr<void>(), &job_.interner});
    engine.PublishEntities(entities_, true);
    Session session(engine);
    const auto request = workload_.Requests("requests").at(0);

    const Stopwatch whole;
    for (auto& part : parts_) LoadPolicies(job_, "policies", std::move(part), PolicyFormat::Text);
    const double parsed = whole.Milliseconds();
    if (!CheckPolicies(job_, *schema_, ast::IdConvention::Remit, {})->ok()) loaded_.Fail("valid policies");
    const double checked = whole.Milliseconds();
    const auto program = std::make_shared<const ir::Program>(*CompileProgram(job_, ast::IdConvention::Remit, schema_.get()));
    const double lowered = whole.Milliseconds();
    const double resident = ResidentBytes();
    const auto policies = std::make_shared<Policies>(program, schema_);
    engine.PublishPolicies(policies);
    const double published = whole.Milliseconds();
    PreparedRequest prepared(loaded_.ToRequest(request, job_.interner), schema_);
    Keep(session.Decide(prepared));
    const double decided = whole.Milliseconds();
    const auto report = [&](const char* what, double value, const char* unit) {
      Figure(workload_, {.name = "remit", .version = "dev", .mode = ""}, what, value, unit);
    };
    if (tier == CodeTier::Never) {
      report("compile-parse", parsed, "ms");
      report("compile-check", checked - parsed, "ms");
      report("compile-program", lowered - checked, "ms");
      report("text-to-first-decision", decided, "ms");
      report("shapes", static_cast<double>(policies->shapes().shapes.size()), "shapes");
    } else {
      report("compile-native", published - lowered, "ms");
      report("text-to-first-native-decision", decided, "ms");
      report("native-memory", (ResidentBytes() - resident) / static_cast<double>(program->policies.size()), "bytes/policy");
    }
  }

 private:
  auto Parts() const -> std::vector<std::string> {
    const std::string text = workload_.Text(workload_.Has("policies_linked.cedar") ? "policies_linked.cedar" : "policies.cedar");
    return SplitLines(text, Limits{}.max_source_bytes);
  }

  const Workload& workload_;
  const LoadedWorkload& loaded_;
  std::vector<std::string> parts_;
  CompileJob job_;
  std::shared_ptr<const Schema> schema_;
  std::shared_ptr<const EntityStore> entities_;
};

}  // namespace

void MeasureCompiling(const Workload& workload, const LoadedWorkload& loaded) {
  if (workload.Has("links.json") && !workload.Has("policies_linked.cedar")) return;  // the text lacks most policies
  for (const CodeTier tier : {CodeTier::Never, CodeTier::Eager}) Start(workload, loaded).Run(tier);
}

}  // namespace remit::bench
