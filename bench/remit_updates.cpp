// Entities changing while others decide: how many upserts a second there are, and what that does to decisions.
//
// usage: remit_updates FOLDER
//
// One thread decides the requests over and over, each call between two looks at the time stamp counter. First alone; then, for each size of batch, while
// another thread replaces users by users of other groups, 100,000 a second if it can. Needs two processors. What a busy neighbour alone does to decisions is
// measured as well: a thread that does the same to another engine. All of that in several turns: a 99th percentile is compared with the one that was alone in
// the same turn, and the medians of the turns are told, and of what is compared the least and the most too.
#include <algorithm>
#include <atomic>
#include <iostream>
#include <map>
#include <random>
#include <thread>

#include "bench/decide_for.h"
#include "bench/measure.h"
#include "compiler/jit/orc_compiler.h"
#include "runtime/engine/session.h"

namespace remit::bench {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::chrono::milliseconds kTime(500);
constexpr size_t kTurns = 9;
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
    for (size_t turn = 0; turn < kTurns; ++turn) {
      const double alone = Decide("alone");
      DecideBeside("another-engine", another, 1, alone);
      for (const size_t batch : {1, 10, 100, 1000}) DecideBeside("by-" + std::to_string(batch), *this, batch, alone);
    }
    for (auto& [what, seen] : seen_) Report(what, seen);
  }

 private:
  struct Seen {
    const char* unit;
    bool is_range;  // the least and the most are of interest
    std::vector<double> values;
  };

  // Decisions while `updated`, which may be this one, is.
  void DecideBeside(const std::string& name, Updates& updated, size_t batch, double alone) {
    std::atomic<bool> is_over = false;
    std::atomic<bool> has_begun = false;
    double rate = 0;
    std::thread writer([&] { rate = updated.Write(batch, is_over, has_begun); });
    while (!has_begun.load()) std::this_thread::yield();
    const double p99 = Decide("updates-" + name);
    is_over = true;
    writer.join();
    Note("upserts-" + name, "upserts/s", rate);
    Note("p99-moved-" + name, "times", p99 / alone, true);
  }

  // The 99th percentile.
  auto Decide(const std::string& name) -> double {
    const auto times = DecideFor(kTime, workload_, loaded_, engine_);
    Note("decide-median-" + name, "ns, with the clock", times.median);
    Note("decide-p99-" + name, "ns, with the clock", times.p99);
    return times.p99;
  }

  void Note(const std::string& what, const char* unit, double value, bool is_range = false) {
    seen_.try_emplace(what, Seen{unit, is_range, {}}).first->second.values.push_back(value);
  }

  void Report(const std::string& what, Seen& seen) const {
    const auto figure = [&](const std::string& name, double value) {
      Figure(workload_, {.name = "remit", .version = "dev", .mode = ""}, name, value, seen.unit);
    };
    std::ranges::sort(seen.values);
    figure(what, seen.values[seen.values.size() / 2]);
    if (seen.is_range) {
      figure(what + "-least", seen.values.front());
      figure(what + "-most", seen.values.back());
    }
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
  std::map<std::string, Seen> seen_;
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
