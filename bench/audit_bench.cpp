// What an audit record costs: the caller's part, what of it is hashing, and records a second when batches are durable.
#include <benchmark/benchmark.h>
#include <stdlib.h>

#include <array>
#include <filesystem>
#include <string>

#include "runtime/audit/log.h"
#include "runtime/audit/merkle.h"

namespace {

using namespace remit::audit;

// What a gateway asks before a tool call, about 450 bytes as JSON, and a typical answer.
struct Sample {
  std::array<std::string_view, 1> determining = {"refund-small"};
  std::array<BudgetRead, 1> budgets = {BudgetRead{.budget = "tool_calls", .key = R"(["run-7"])", .charge = 1, .limit = 20, .used = 4}};
  std::string version = std::string(32, 'v');
  std::string entities = std::string(32, 'e');
  std::string context =
      R"({"amount_cents":1250,"currency":"EUR","tool":"crm.refund","args":{"order":"ord_8812","reason":"damaged on arrival"},)"
      R"("model":"small-2","prompt_version":"2026-11-03","ip":{"__extn":{"fn":"ip","arg":"10.1.2.3"}}})";

  auto Record() const -> DecisionRecord {
    return {.head = {.time_ms = 1'795'430'000'000,
                     .id = "4kY0nZ3mQ1yq8v0T6cQn9A",
                     .caller = "gateway-1",
                     .request_id = "req-000000017",
                     .trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"},
            .principal = {"Support::Agent", "triage-3"},
            .action = {"Support::Action", "refund"},
            .resource = {"Support::Order", "ord_8812"},
            .context = context,
            .is_validated = true,
            .policy_version = version,
            .entities_version = entities,
            .outcome = "execute",
            .determining = determining,
            .budgets = budgets,
            .reservation = "Rk2x9Vq0Zt3yT6cQn9A4kY"};
  }
};

class Folder {
 public:
  Folder() { path_ = mkdtemp(pattern_.data()); }
  ~Folder() { std::filesystem::remove_all(path_); }
  auto Options() const -> LogOptions {
    return {.folder = path_ + "/log",
            .signer = CheckpointSigner("remit.bench/log", remit::approval::SigningKey::Generate()),
            .max_pending_bytes = size_t{256} << 20,
            .when_stuck = WhenStuck::Block,
            .max_wait_ms = 60'000};
  }

 private:
  std::string pattern_ = (std::filesystem::current_path() / "audit_bench_XXXXXX").string();
  std::string path_;
};

void EncodeOnly(benchmark::State& state) {
  const Sample sample;
  std::string bytes;
  for (auto _ : state) {
    bytes.clear();
    EncodeRecord(sample.Record(), bytes);
    benchmark::DoNotOptimize(bytes.data());
  }
  state.counters["bytes"] = static_cast<double>(bytes.size());
}
BENCHMARK(EncodeOnly);

void HashOnly(benchmark::State& state) {
  std::string bytes;
  EncodeRecord(Sample().Record(), bytes);
  for (auto _ : state) benchmark::DoNotOptimize(LeafHash(bytes));
}
BENCHMARK(HashOnly);

void TreeOnly(benchmark::State& state) {
  CompactRange tree;
  const Hash leaf = LeafHash("leaf");
  for (auto _ : state) tree.Append(leaf);
  benchmark::DoNotOptimize(tree.Root());
}
BENCHMARK(TreeOnly);

// The caller's part while another thread writes: the time of this thread.
void AppendInline(benchmark::State& state) {
  const Folder folder;
  const auto log = *Log::Open(folder.Options());
  const Sample sample;
  for (auto _ : state) benchmark::DoNotOptimize(log->Append(sample.Record()));
  log->WaitDurable(log->figures().appended - 1).value();
}
BENCHMARK(AppendInline)->Iterations(300'000)->Repetitions(5)->ReportAggregatesOnly();

// Until the last of them is on disk, by the clock.
void AppendDurable(benchmark::State& state) {
  const Folder folder;
  const auto log = *Log::Open(folder.Options());
  const Sample sample;
  constexpr int kRecords = 500'000;
  for (auto _ : state) {
    for (int i = 0; i < kRecords; ++i) benchmark::DoNotOptimize(log->Append(sample.Record()));
    log->WaitDurable(log->figures().appended - 1).value();
  }
  state.SetItemsProcessed(state.iterations() * kRecords);
  state.counters["batches"] = static_cast<double>(log->figures().batches);
}
BENCHMARK(AppendDurable)->Iterations(1)->Repetitions(3)->UseRealTime();

// One caller that waits for each record.
void AppendAndWait(benchmark::State& state) {
  const Folder folder;
  const auto log = *Log::Open(folder.Options());
  const Sample sample;
  for (auto _ : state) log->WaitDurable(*log->Append(sample.Record())).value();
}
BENCHMARK(AppendAndWait)->Iterations(500)->UseRealTime();

}  // namespace
