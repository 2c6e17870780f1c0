// One policy of many changing while others decide: how soon it is seen, and what that does to decisions.
//
// usage: remit_changes FOLDER
//
// A change is the text of one policy, written by hand as if somebody had edited it: it is parsed, checked, compiled and published, and seen when a prepared
// request is decided by it. Then one thread decides the requests over and over, alone and while another one makes twenty changes a second. Native code
// comes in the background, as in a server. Needs two processors.
#include <atomic>
#include <iostream>
#include <thread>

#include "bench/decide_for.h"
#include "bench/measure.h"
#include "compiler/driver/check.h"
#include "compiler/jit/orc_compiler.h"
#include "runtime/engine/session.h"

namespace remit::bench {
namespace {

using Clock = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;
constexpr std::chrono::milliseconds kTime(3000);
constexpr std::chrono::milliseconds kBetween(50);
constexpr size_t kChanges = 100;

class Changes {
 public:
  Changes(const Workload& workload, LoadedWorkload& loaded, std::unique_ptr<NativeCompiler> compiler)
      : workload_(workload), loaded_(loaded), engine_({.tier = CodeTier::Background}, std::move(compiler), loaded.job.shared_interner) {
    engine_.Publish(std::make_shared<Policies>(loaded.program, loaded.schema), loaded.entities, true);
    request_ = loaded.ToRequest(workload.Requests("requests").at(0), loaded.job.interner);
    // Plans of all kinds of requests there are, with their code.
    Decide(std::chrono::milliseconds(50));
    engine_.WaitForCode();
  }

  void Run() {
    Report("policies", static_cast<double>(loaded_.program->policies.size()), "policies");
    std::vector<double> times;
    for (size_t i = 0; i < kChanges; ++i) {
      times.push_back(TimeOfChange(i));
      engine_.WaitForCode();
    }
    std::ranges::sort(times);
    Report("change-visible-median", times[times.size() / 2], "ms");
    Report("change-visible-most", times.back(), "ms");

    Decide(kTime);  // warm
    const auto alone = Decide(kTime);
    ReportDecisions("alone", alone);
    std::atomic<bool> is_over = false;
    size_t made = 0;
    std::thread writer([&] {
      for (; !is_over.load(); ++made) {
        Change(made);
        std::this_thread::sleep_for(kBetween);
      }
    });
    const auto meanwhile = Decide(kTime);
    is_over = true;
    writer.join();
    ReportDecisions("while-changing", meanwhile);
    Report("changes", static_cast<double>(made) / std::chrono::duration<double>(kTime).count(), "changes/s");
    Report("p99-moved", meanwhile.p99 / alone.p99, "times");
  }

 private:
  void Report(const std::string& what, double value, const char* unit) const {
    Figure(workload_, {.name = "remit", .version = "dev", .mode = ""}, what, value, unit);
  }
  void ReportDecisions(const std::string& name, const DecisionTimes& times) const {
    Report("decide-median-" + name, times.median, "ns, with the clock");
    Report("decide-p99-" + name, times.p99, "ns, with the clock");
    Report("decide-p9999-" + name, times.p9999, "ns, with the clock");
  }

  // Compiles and publishes the policy `changing`, which permits every other time.
  void Change(size_t number) {
    const auto lock = engine_.Lock();
    CompileJob job(loaded_.job.limits, loaded_.job.shared_interner);
    const std::string text =
        "@id(\"changing\") " + std::string(number % 2 == 0 ? "permit" : "forbid") +
        " (principal, action == Action::\"read\", resource) when { resource.isPublic == false && resource != Document::\"x" +
        std::to_string(number) + "\" };";
    LoadPolicies(job, "changing", text, PolicyFormat::Text);
    CheckPolicies(job, *loaded_.schema, ast::IdConvention::Remit, {});
    const auto program = CompileProgram(job, ast::IdConvention::Remit, loaded_.schema.get());
    if (job.sink.has_errors() || !program) loaded_.Fail("change");
    if (const auto changed = engine_.ChangePolicies({}, *program); !changed) loaded_.Fail("change: " + changed.error().message);
  }

  auto TimeOfChange(size_t number) -> double {
    Session session(engine_);
    PreparedRequest request(request_, loaded_.schema);
    session.Decide(request);
    const auto start = Clock::now();
    Change(number);
    const bool is_allowed = session.Decide(request).outcome == Outcome::Execute;
    const double time = Milliseconds(Clock::now() - start).count();
    if (is_allowed != (number % 2 == 0)) loaded_.Fail("change: it is not seen");
    return time;
  }

  auto Decide(std::chrono::milliseconds time) -> DecisionTimes { return DecideFor(time, workload_, loaded_, engine_); }

  const Workload& workload_;
  LoadedWorkload& loaded_;
  Engine engine_;
  Request request_;
};

}  // namespace
}  // namespace remit::bench

auto main(int argc, char** argv) -> int {
  using namespace remit::bench;
  if (argc != 2) {
    std::cerr << "usage: remit_changes FOLDER\n";
    return 2;
  }
  const auto workload = Workload::Open(std::filesystem::path(argv[1]).lexically_normal());
  const auto loaded = LoadedWorkload::Load(workload);
  auto compiler = remit::MakeOrcCompiler();
  if (!compiler) loaded->Fail("compiler");
  Changes(workload, *loaded, std::move(*compiler)).Run();
}
