// What a reservation and its settlement cost: in memory, and durably.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <string>

#include "bench/phases.h"
#include "runtime/ledger/ledger.h"
#include "runtime/ledger/redis_store.h"
#include "runtime/ledger/sqlite_store.h"

namespace remit::ledger {
namespace {

constexpr int64_t kNow = 1'772'452'800'000;

// So many budgets of one request, of several kinds; `key` tells threads apart or not.
struct Request {
  std::array<Claim, 8> all;
  size_t count;
  std::array<Reading, 8> readings = {};

  Request(size_t budgets, std::string_view key) : all(), count(budgets) {
    constexpr std::array kNames = {"calls", "tokens", "money", "daily", "team", "tenant", "user", "run"};
    for (size_t i = 0; i < count; ++i) {
      all[i] = {.budget = kNames[i], .key = key, .charge = 1, .limit = kForever};
      if (i == 1) all[i].terms = {.window = Window::Sliding, .window_ms = 60'000};
      if (i == 3) all[i].terms = {.window = Window::Day};
    }
  }
  auto ask() const -> Ask { return {.claims = {all.data(), count}}; }
  auto budgets() -> std::span<Reading> { return {readings.data(), count}; }
};

void ReserveAndSettle(Ledger& ledger, Request& request, int64_t now) {
  const auto read = ledger.Read(request.ask(), now, request.budgets(), {});
  const auto reserved = ledger.Reserve(request.ask(), request.budgets(), {}, now);
  auto settled = ledger.Settle(reserved->id.text(), Verdict::Success, {}, {}, now);
  benchmark::DoNotOptimize(settled);
  benchmark::DoNotOptimize(read);
}

void BM_ReserveAndSettle(benchmark::State& state) {
  static Ledger* ledger = nullptr;
  // How many settled reservations are remembered is how much memory is gone through: what fits a cache is faster.
  if (state.thread_index() == 0) ledger = new Ledger({.remembered = static_cast<size_t>(state.range(1))});
  Request request(static_cast<size_t>(state.range(0)), "k");
  int64_t now = kNow;
  for (auto _ : state) ReserveAndSettle(*ledger, request, ++now);
  state.SetItemsProcessed(state.iterations() * state.range(0));
  if (state.thread_index() == 0) delete ledger;
}
BENCHMARK(BM_ReserveAndSettle)->ArgNames({"budgets", "remembered"})->ArgsProduct({{1, 3, 8}, {1024, 65536}});
BENCHMARK(BM_ReserveAndSettle)->ArgNames({"budgets", "remembered"})->Args({1, 1024})->Threads(2)->UseRealTime();

// Without reading first, which a decision does for its policies: what the ledger does for the answer "yes" and its end.
void BM_ReserveAndSettleOnly(benchmark::State& state) {
  Ledger ledger;
  Request request(static_cast<size_t>(state.range(0)), "k");
  int64_t now = kNow;
  benchmark::DoNotOptimize(ledger.Read(request.ask(), now, request.budgets(), {}));
  for (auto _ : state) {
    const auto reserved = ledger.Reserve(request.ask(), request.budgets(), {}, ++now);
    benchmark::DoNotOptimize(ledger.Settle(reserved->id, Verdict::Success, {}, {}, now));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_ReserveAndSettleOnly)->ArgName("budgets")->Arg(1)->Arg(3)->Arg(8);

// The two halves apart: what a decision waits for, which knows the account and reads and reserves it at once, and what comes of it later.
void Phases(benchmark::State& state, Phase phase) {
  Ledger ledger;
  Request request(static_cast<size_t>(state.range(0)), "k");
  std::array<ReservationId, kPhaseBatch> ids;
  int64_t now = kNow;
  const auto reserve = [&](size_t i) { ids[i] = ledger.ReserveUnread(request.ask(), request.budgets(), {}, now)->id; };
  const auto settle = [&](size_t i) { benchmark::DoNotOptimize(ledger.Settle(ids[i], Verdict::Success, {}, {}, now)); };
  RunPhases(state, phase, [&] { ++now; }, reserve, settle);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
void BM_Reserve(benchmark::State& state) { Phases(state, Phase::Reserve); }
void BM_Settle(benchmark::State& state) { Phases(state, Phase::Settle); }
BENCHMARK(BM_Reserve)->ArgName("budgets")->Arg(1)->Arg(3)->Arg(8)->UseManualTime();
BENCHMARK(BM_Settle)->ArgName("budgets")->Arg(1)->Arg(3)->Arg(8)->UseManualTime();

// The same with leases of a store in memory, which is asked once in many thousand times.
void BM_LeasedReserveAndSettle(benchmark::State& state) {
  const auto ledger = *Ledger::Open({.store = std::make_shared<MemoryStore>(), .durability = Durability::Lease}, kNow);
  Request request(static_cast<size_t>(state.range(0)), "k");
  for (size_t i = 0; i < request.count; ++i) request.all[i].limit = int64_t{1} << 60;
  benchmark::DoNotOptimize(ledger->Read(request.ask(), kNow, request.budgets(), {}));
  for (auto _ : state) {
    const auto reserved = ledger->Reserve(request.ask(), request.budgets(), {}, kNow);
    benchmark::DoNotOptimize(ledger->Settle(reserved->id, Verdict::Success, {}, {}, kNow));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_LeasedReserveAndSettle)->ArgName("budgets")->Arg(1)->Arg(3)->Arg(8);

// With an id as text, as an interface to other languages has it, and a request id.
void BM_ByText(benchmark::State& state) {
  Ledger ledger;
  Request request(1, "k");
  benchmark::DoNotOptimize(ledger.Read(request.ask(), kNow, request.budgets(), {}));
  std::string id = "0123456789abcdef";
  int64_t now = kNow;
  for (auto _ : state) {
    Ask ask = request.ask();
    ++now;
    if (state.range(0) != 0) {
      std::memcpy(id.data(), &now, sizeof(now));
      ask.request_id = id;
    }
    const auto reserved = ledger.Reserve(ask, request.budgets(), {}, now);
    benchmark::DoNotOptimize(ledger.Settle(reserved->id.text(), Verdict::Success, {}, {}, now));
  }
}
BENCHMARK(BM_ByText)->ArgName("request_id")->Arg(0)->Arg(1);

// Threads that want one budget, and threads with one each.
void BM_Threads(benchmark::State& state) {
  static Ledger* ledger = nullptr;
  if (state.thread_index() == 0) ledger = new Ledger();
  const std::string key = state.range(0) != 0 ? "hot" : std::to_string(state.thread_index());
  Request request(1, key);
  int64_t now = kNow;
  for (auto _ : state) {
    if (request.readings[0].handle.account == nullptr) benchmark::DoNotOptimize(ledger->Read(request.ask(), now, request.budgets(), {}));
    const auto reserved = ledger->Reserve(request.ask(), request.budgets(), {}, ++now);
    benchmark::DoNotOptimize(ledger->Settle(reserved->id, Verdict::Success, {}, {}, now));
  }
  state.SetItemsProcessed(state.iterations());
  if (state.thread_index() == 0) delete ledger;
}
BENCHMARK(BM_Threads)->ArgName("hot")->Arg(0)->Arg(1)->Threads(1)->Threads(2)->UseRealTime();

void BM_Read(benchmark::State& state) {
  Ledger ledger;
  Request request(static_cast<size_t>(state.range(0)), "k");
  for (auto _ : state) benchmark::DoNotOptimize(ledger.Read(request.ask(), kNow, request.budgets(), {}));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Read)->ArgName("budgets")->Arg(1)->Arg(3);

// With a commit for each reservation and each settlement, or from leases.
void InSqlite(benchmark::State& state, Durability durability) {
  static std::unique_ptr<Ledger> ledger;
  static std::filesystem::path file;
  if (state.thread_index() == 0) {
    file = std::filesystem::temp_directory_path() / ("remit-bench-" + std::to_string(getpid()) + ".db");
    ledger = *Ledger::Open({.store = *OpenSqliteStore({.path = file.string()}), .durability = durability}, kNow);
  }
  const std::string key = std::to_string(state.thread_index());
  Request request(1, key);
  for (auto _ : state) ReserveAndSettle(*ledger, request, kNow);
  state.SetItemsProcessed(state.iterations());
  if (state.thread_index() != 0) return;
  ledger.reset();
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
}
void BM_InSqliteEach(benchmark::State& state) { InSqlite(state, Durability::Each); }
void BM_InSqliteLeased(benchmark::State& state) { InSqlite(state, Durability::Lease); }
BENCHMARK(BM_InSqliteEach)->Threads(1)->Threads(16)->UseRealTime();
BENCHMARK(BM_InSqliteLeased)->Threads(1)->UseRealTime();

// REMIT_BENCH_REDIS is the port of a server that may be filled.
void InRedis(benchmark::State& state, Durability durability) {
  const char* port = std::getenv("REMIT_BENCH_REDIS");
  if (port == nullptr) {
    state.SkipWithError("REMIT_BENCH_REDIS names no port");
    return;
  }
  const auto ledger = *Ledger::Open({.store = *OpenRedisStore({.port = std::atoi(port)}), .durability = durability}, kNow);
  Request request(1, "k");
  for (auto _ : state) ReserveAndSettle(*ledger, request, kNow);
  state.SetItemsProcessed(state.iterations());
}
void BM_InRedisEach(benchmark::State& state) { InRedis(state, Durability::Each); }
void BM_InRedisLeased(benchmark::State& state) { InRedis(state, Durability::Lease); }
BENCHMARK(BM_InRedisEach)->UseRealTime();
BENCHMARK(BM_InRedisLeased)->UseRealTime();

}  // namespace
}  // namespace remit::ledger
