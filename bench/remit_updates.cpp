// Entities changing while others decide: how many upserts a second there are, and what that does to decisions.
//
// usage: remit_updates FOLDER
//
// One thread decides the requests over and over, each call between two looks at the time stamp counter. First alone; then, for each size of batch, while
// another thread replaces users by users of other groups, 100,000 a second if it can. Needs two processors. What a busy neighbour alone does to decisions is
// measured as well: a thread that does the same to another engine.
#include <atomic>
#include <iostream>
#include <random>
#include <thread>

#include "bench/decide_for.h"
#include "bench/measure.h"
#include "compiler/jit/orc_compiler.h"
#include "runtime/engine/session.h"

namespace remit::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kTime(1500);
constexpr double kUpsertsPerSecond = 101'000;  // a little more than the goal, for the writer sleeps whenever it is ahead

class Updates {
 public:
  Updates(const Workload& workload, LoadedWorkload& loaded, std::unique_ptr<NativeCompiler> compiler)
      : workload_(workload), loaded_(loaded), engine_({.tier = CodeTier::Eager}, std::move(compiler), loaded.job.shared_interner) {
    engine_.PublishPolicies(std::make_shared<Policies>(loaded.program, loaded.schema));
    engine_.PublishEntities(loaded.entities, true);
    const EntityUid sample = loaded.ToRequest(workload.Requests("requests").at(0), loaded.job.interner).principal;
    for (const Entity& entity : loaded.entities->entities()) {
      if (entity.uid.type == sample.type) users_.push_back(entity.uid);
    }
  }

  // `another`: an engine of its own, with entities of its own.
  void Run(Updates& another) {
    const double alone = Decide("alone");
    ReportBeside("another-engine", another, 1, alone);
    for (const size_t batch : {1, 10, 100, 1000}) ReportBeside("by-" + std::to_string(batch), *this, batch, alone);
  }

 private:
  // Decisions while `updated`, which may be this one, is.
  void ReportBeside(const std::string& name, Updates& updated, size_t batch, double alone) {
    std::atomic<bool> is_over = false;
    std::atomic<bool> has_begun = false;
    double rate = 0;
    std::thread writer([&] { rate = updated.Write(batch, is_over, has_begun); });
    while (!has_begun.load()) std::this_thread::yield();
    const double p99 = Decide("updates-" + name);
    is_over = true;
    writer.join();
    Report("upserts-" + name, rate, "upserts/s");
    Report("p99-moved-" + name, p99 / alone, "times");
  }

  void Report(const std::string& what, double value, const char* unit) const {
    Figure(workload_, {.name = "remit", .version = "dev", .mode = ""}, what, value, unit);
  }

  // The 99th percentile.
  auto Decide(const std::string& name) -> double {
    const auto times = DecideFor(kTime, workload_, loaded_, engine_);
    Report("decide-median-" + name, times.median, "ns, with the clock");
    Report("decide-p99-" + name, times.p99, "ns, with the clock");
    return times.p99;
  }

  auto Write(size_t batch, const std::atomic<bool>& is_over, std::atomic<bool>& has_begun) -> double {
    std::mt19937 random(20261123);
    size_t done = 0;
    const auto begin = Clock::now();
    const auto seconds = [&] { return std::chrono::duration<double>(Clock::now() - begin).count(); };
    while (!is_over.load(std::memory_order_relaxed)) {
      const auto changed = engine_.UpdateEntities(
          [&](EntityStoreBuilder& builder) -> Expected<void> {
            for (size_t i = 0; i < batch; ++i) Upsert(builder, random);
            return {};
          },
          true);
      if (!changed) loaded_.Fail("update: " + changed.error().message);
      done += batch;
      has_begun = true;
      while (static_cast<double>(done) > kUpsertsPerSecond * seconds() && !is_over.load(std::memory_order_relaxed)) {
        std::this_thread::sleep_for(std::chrono::microseconds(200));
      }
    }
    return static_cast<double>(done) / seconds();
  }

  // A user with the groups of another.
  void Upsert(EntityStoreBuilder& builder, std::mt19937& random) const {
    const auto any = [&] { return users_[std::uniform_int_distribution<size_t>(0, users_.size() - 1)(random)]; };
    const Entity& user = *loaded_.entities->Find(any());
    const Entity& other = *loaded_.entities->Find(any());
    builder.AddOrReplace({.uid = user.uid,
                          .attrs = CopyValue(builder.arena(), Value::OfSortedRecord(user.attrs)).as_record(),
                          .tags = {},
                          .parents = builder.arena().Copy(other.parents.span())});
  }

  const Workload& workload_;
  LoadedWorkload& loaded_;
  Engine engine_;
  std::vector<EntityUid> users_;
};

}  // namespace
}  // namespace remit::bench

auto main(int argc, char** argv) -> int {
  using namespace remit::bench;
  if (argc != 2) {
    std::cerr << "usage: remit_updates FOLDER\n";
    return 2;
  }
  const auto workload = Workload::Open(std::filesystem::path(argv[1]).lexically_normal());
  const auto loaded = LoadedWorkload::Load(workload);
  const auto others = LoadedWorkload::Load(workload);
  auto compiler = remit::MakeOrcCompiler();
  auto another_compiler = remit::MakeOrcCompiler();
  if (!compiler || !another_compiler) loaded->Fail("compiler");
  Updates another(workload, *others, std::move(*another_compiler));
  Updates(workload, *loaded, std::move(*compiler)).Run(another);
}
