// Reserving and settling against what others do for a budget: a script in Redis, a commit in SQLite. Ratios in one run count.
//
// Starts a redis-server of its own. Clocks are real, so that leases last as long as they would.
#include <benchmark/benchmark.h>
#include <hiredis/hiredis.h>
#include <sqlite3.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <thread>

#include "bench/phases.h"
#include "runtime/ledger/ledger.h"
#include "runtime/ledger/redis_store.h"
#include "runtime/ledger/sqlite_store.h"
#include "tests/unit/ledger/redis_server.h"

namespace remit::ledger {
namespace {

constexpr int64_t kStart = 1'772'452'800'000;

auto Now() -> int64_t {
  timespec time = {};
  clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
  return kStart + time.tv_sec * 1000 + time.tv_nsec / 1'000'000;
}

// Counts how often the store is asked.
class Counting : public Store {
 public:
  explicit Counting(std::shared_ptr<Store> store) : store_(std::move(store)) {}

  auto Get(std::span<const std::string> keys) -> Expected<std::vector<StoredRow>> override {
    ++trips;
    return store_->Get(keys);
  }
  auto Commit(std::span<const RowCheck> checks, std::span<const RowWrite> writes) -> Expected<uint64_t> override {
    ++trips;
    return store_->Commit(checks, writes);
  }
  auto Scan(std::string_view prefix, std::string_view after, size_t limit) -> Expected<std::vector<StoredRow>> override {
    return store_->Scan(prefix, after, limit);
  }

  std::atomic<int64_t> trips = 0;

 private:
  std::shared_ptr<Store> store_;
};

struct Request {
  std::array<Claim, 8> all = {};
  std::array<Reading, 8> readings = {};
  size_t count;

  explicit Request(size_t budgets, std::string_view key = "k") : count(budgets) {
    constexpr std::array kNames = {"calls", "tokens", "money", "daily", "team", "tenant", "user", "run"};
    for (size_t i = 0; i < count; ++i) all[i] = {.budget = kNames[i], .key = key, .charge = 1, .limit = int64_t{1} << 60};
  }
  auto ask() const -> Ask { return {.claims = {all.data(), count}}; }
};

auto Spend(Ledger& ledger, Request& request, int64_t now) -> bool {
  if (!ledger.Read(request.ask(), now, request.readings, {})) return false;
  const auto reserved = ledger.Reserve(request.ask(), request.readings, {}, now);
  return reserved && reserved->granted() && ledger.Settle(reserved->id.text(), Verdict::Success, {}, {}, now).has_value();
}

auto OpenLeased(const std::shared_ptr<Store>& store) -> std::unique_ptr<Ledger> {
  auto ledger = Ledger::Open({.store = store, .durability = Durability::Lease}, Now());
  return ledger ? std::move(*ledger) : nullptr;
}

// ---- what others do -----------------------------------------------------------------------------------------------------------

auto RedisServer() -> const Server& {
  static const Server server;
  static const bool is_up = server.Open().has_value();
  if (!is_up) std::abort();
  return server;
}

// One client that waits for each answer, on loopback.
void Evalsha(benchmark::State& state, const char* appendonly) {
  const std::unique_ptr<redisContext, decltype(&redisFree)> redis(redisConnect("127.0.0.1", RedisServer().port()), redisFree);
  const auto ask = [&](const char* command, auto... arguments) {
    return std::unique_ptr<redisReply, decltype(&freeReplyObject)>(
        static_cast<redisReply*>(redisCommand(redis.get(), command, arguments...)), freeReplyObject);
  };
  ask("CONFIG SET appendfsync everysec");
  ask("CONFIG SET appendonly %s", appendonly);
  const auto script =
      ask("SCRIPT LOAD %s",
          "local u = tonumber(redis.call('GET', KEYS[1]) or '0') if u + tonumber(ARGV[1]) > tonumber(ARGV[2]) then return 0 end "
          "redis.call('INCRBY', KEYS[1], ARGV[1]) return 1");
  const std::string sha(script->str, static_cast<size_t>(script->len));
  for (auto _ : state) benchmark::DoNotOptimize(ask("EVALSHA %s 1 budget 1 1000000000000", sha.c_str()));
}
// Without and with a log of what was written, in this order: the next ones want it.
void BM_RedisEvalshaVolatile(benchmark::State& state) { Evalsha(state, "no"); }
void BM_RedisEvalsha(benchmark::State& state) { Evalsha(state, "yes"); }
BENCHMARK(BM_RedisEvalshaVolatile)->UseRealTime();
BENCHMARK(BM_RedisEvalsha)->UseRealTime();

void BM_SqliteCommit(benchmark::State& state) {
  const auto file = std::filesystem::temp_directory_path() / ("remit-bench-raw-" + std::to_string(getpid()) + ".db");
  sqlite3* database = nullptr;
  sqlite3_open(file.c_str(), &database);
  const auto run = [&](const char* sql) { return sqlite3_exec(database, sql, nullptr, nullptr, nullptr); };
  run("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE t (k INTEGER PRIMARY KEY, used INTEGER); INSERT INTO t VALUES (1, "
      "0)");
  for (auto _ : state) benchmark::DoNotOptimize(run("UPDATE t SET used = used + 1 WHERE k = 1 AND used < 1000000000000"));
  sqlite3_close(database);
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
}
BENCHMARK(BM_SqliteCommit)->UseRealTime();

// ---- what we do ---------------------------------------------------------------------------------------------------------------

void BM_InMemory(benchmark::State& state) {
  Ledger ledger;
  Request request(static_cast<size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(Spend(ledger, request, Now()));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_InMemory)->ArgName("budgets")->Arg(1)->Arg(3)->Arg(8)->UseRealTime();

// What one script does: one budget is compared and counted. The script knows nothing of settling, windows and ends; who settles runs another one.
void BM_ReserveInMemory(benchmark::State& state) {
  Ledger ledger;
  Request request(1);
  std::array<ReservationId, kPhaseBatch> ids;
  const int64_t now = Now();
  const auto reserve = [&](size_t i) { ids[i] = ledger.ReserveUnread(request.ask(), request.readings, {}, now)->id; };
  const auto settle = [&](size_t i) { benchmark::DoNotOptimize(ledger.Settle(ids[i], Verdict::Success, {}, {}, now)); };
  RunPhases(state, Phase::Reserve, [] {}, reserve, settle);
}
BENCHMARK(BM_ReserveInMemory)->UseManualTime();

void Leased(benchmark::State& state, const std::shared_ptr<Store>& store) {
  const auto counting = std::make_shared<Counting>(store);
  const auto ledger = OpenLeased(counting);
  Request request(static_cast<size_t>(state.range(0)));
  for (int i = 0; i < 1000; ++i) Spend(*ledger, request, Now());
  counting->trips = 0;
  for (auto _ : state) {
    if (!Spend(*ledger, request, Now())) return state.SkipWithError("refused");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  state.counters["trips_per_1000"] = 1000.0 * static_cast<double>(counting->trips) / static_cast<double>(state.iterations());
}
void BM_LeasedFromRedis(benchmark::State& state) { Leased(state, *OpenRedisStore({.port = RedisServer().port(), .name = "leased"})); }
BENCHMARK(BM_LeasedFromRedis)->ArgName("budgets")->Arg(1)->Arg(3)->Arg(8)->UseRealTime();
void BM_LeasedFromSqlite(benchmark::State& state) {
  const auto file = std::filesystem::temp_directory_path() / ("remit-bench-leased-" + std::to_string(getpid()) + ".db");
  Leased(state, *OpenSqliteStore({.path = file.string()}));
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
}
BENCHMARK(BM_LeasedFromSqlite)->ArgName("budgets")->Arg(1)->Arg(3)->UseRealTime();

// One key that all threads want: what they wait for each other.
void BM_HotKey(benchmark::State& state) {
  static std::unique_ptr<Ledger> ledger;
  if (state.thread_index() == 0) ledger = OpenLeased(*OpenRedisStore({.port = RedisServer().port(), .name = "hot"}));
  Request request(1);
  for (auto _ : state) benchmark::DoNotOptimize(Spend(*ledger, request, Now()));
  state.SetItemsProcessed(state.iterations());
  if (state.thread_index() == 0) ledger.reset();
}
BENCHMARK(BM_HotKey)->Threads(1)->Threads(2)->UseRealTime();

// A thousand decisions a second, evenly: how often Redis is asked. On a clock of its own.
void BM_SteadyRate(benchmark::State& state) {
  const auto counting = std::make_shared<Counting>(*OpenRedisStore({.port = RedisServer().port(), .name = "steady"}));
  const auto ledger = OpenLeased(counting);
  Request request(static_cast<size_t>(state.range(0)));
  int64_t now = Now();
  for (int i = 0; i < 10'000; ++i) Spend(*ledger, request, ++now);
  counting->trips = 0;
  int64_t decisions = 0;
  for (auto _ : state) {
    Spend(*ledger, request, ++now);
    if (++decisions % 1000 == 0) ledger->Expire(now);
  }
  state.counters["trips_per_1000"] = 1000.0 * static_cast<double>(counting->trips) / static_cast<double>(decisions);
}
BENCHMARK(BM_SteadyRate)->ArgName("budgets")->Arg(1)->Arg(3)->Iterations(30'000)->UseRealTime();

// So many nodes with one budget, each ten decisions a second, on one Redis: how often it is asked in a second of their clock, and per decision.
void BM_ManyNodes(benchmark::State& state) {
  constexpr int64_t kPerSecond = 10;
  constexpr int64_t kSeconds = 3;
  const auto nodes = static_cast<size_t>(state.range(0));
  const auto name = "nodes" + std::to_string(nodes);
  const auto counting = std::make_shared<Counting>(*OpenRedisStore({.port = RedisServer().port(), .name = name}));
  std::vector<std::unique_ptr<Ledger>> ledgers;
  for (size_t i = 0; i < nodes; ++i) ledgers.push_back(OpenLeased(counting));
  Request request(1);
  int64_t now = Now();
  int64_t decisions = 0;
  const auto second = [&] {
    for (int64_t turn = 0; turn < kPerSecond; ++turn) {
      now += 1000 / kPerSecond;
      for (const auto& ledger : ledgers) decisions += Spend(*ledger, request, now) ? 1 : 0;
    }
    for (const auto& ledger : ledgers) ledger->Expire(now);
  };
  for (int i = 0; i < 5; ++i) second();  // until leases have their size
  for (auto _ : state) {
    counting->trips = decisions = 0;
    for (int64_t i = 0; i < kSeconds; ++i) second();
  }
  state.counters["trips_a_second"] = static_cast<double>(counting->trips) / kSeconds;
  state.counters["trips_per_1000"] = 1000.0 * static_cast<double>(counting->trips) / static_cast<double>(decisions);
}
BENCHMARK(BM_ManyNodes)->ArgName("nodes")->Arg(1)->Arg(10)->Arg(100)->Arg(1000)->Iterations(1)->UseRealTime();

}  // namespace
}  // namespace remit::ledger
