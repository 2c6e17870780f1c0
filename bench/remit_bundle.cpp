// What a start from a bundle takes: from a file that is in the page cache to the first decision, all native.
#include <fstream>

#include "bench/remit_engines.h"
#include "compiler/driver/build_bundle.h"
#include "compiler/jit/orc_compiler.h"
#include "runtime/bundle/bundle_policies.h"
#include "runtime/engine/session.h"

namespace remit::bench {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;
using Clock = std::chrono::steady_clock;

// Entities are left out: they come from elsewhere and take the same time with and without a bundle.
auto FirstDecision(const std::filesystem::path& path, const RequestText& text) -> std::optional<double> {
  const auto start = Clock::now();
  Engine engine;
  const auto bundle = Bundle::Open(path);
  if (!bundle) return std::nullopt;
  auto policies = ToPolicies(*bundle, engine.interner());
  if (!policies || !policies->has_code) return std::nullopt;
  engine.PublishPolicies(policies->policies);
  Session session(engine);
  Interner overlay(&engine.interner());
  const auto uid = [&](const Uid& value) { return EntityUid{overlay.Intern(value.type), overlay.Intern(value.id)}; };
  const Request request = {.principal = uid(text.principal), .action = uid(text.action), .resource = uid(text.resource), .context = {}};
  Keep(session.Decide(request, overlay, nullptr, false));
  return Milliseconds(Clock::now() - start).count();
}

}  // namespace

void MeasureBundle(const Workload& workload, LoadedWorkload& loaded) {
  auto compiler = MakeOrcCompiler();
  if (!compiler) loaded.Fail("compiler");
  const auto start = Clock::now();
  auto built = BuildBundle(loaded.job, loaded.schema.get(), {.native = std::move(*compiler)});
  if (!built || !*built) loaded.Fail("bundle");
  const double build = Milliseconds(Clock::now() - start).count();
  const auto path = std::filesystem::temp_directory_path() / ("remit-bench-" + std::to_string(Clock::now().time_since_epoch().count()));
  std::ofstream(path, std::ios::binary) << (*built)->bytes;
  std::optional<double> best;
  for (int i = 0; i < 3; ++i) {
    const auto time = FirstDecision(path, workload.Requests("requests").at(0));
    if (!time) loaded.Fail("bundle: not read, or without code");
    best = std::min(best.value_or(*time), *time);
  }
  std::filesystem::remove(path);
  const auto report = [&](const char* what, double value, const char* unit) {
    Figure(workload, {.name = "remit", .version = "dev", .mode = ""}, what, value, unit);
  };
  report("bundle-build", build, "ms");
  report("bundle-size", static_cast<double>((*built)->bytes.size()) / static_cast<double>((*built)->policies), "bytes/policy");
  report("bundle-to-first-decision", *best, "ms");
}

}  // namespace remit::bench
