// What budgets add to a decision: the same request, decided by the governor with none, one and three budgets; and what settling costs, apart.
//
// Deciding is measured with its reservations, which a batch later are settled outside the measurement: left open, they would end a minute later on
// the clock of the benchmark, and their ends would count as deciding.
#include <benchmark/benchmark.h>

#include <array>
#include <string>

#include "bench/phases.h"
#include "compiler/driver/compile_job.h"
#include "runtime/base/check.h"
#include "runtime/engine/session.h"
#include "runtime/governor/governor.h"
#ifdef REMIT_JIT
#include "compiler/jit/orc_compiler.h"
#endif

namespace remit {
namespace {

constexpr int64_t kNow = 1'772'452'800'000;

// Three budgets of three windows, with keys of the request and charges of its context.
constexpr const char* kBudgets[] = {
    "budget calls (principal, action, resource) per { principal } limit { 1000000000000 };\n",
    "budget spend (principal, action, resource) charge { context.amount } per { resource } limit { 1000000000000 } each day;\n",
    "budget tokens (principal, action, resource) charge { 3 } limit { 1000000000000 } within { duration(\"1h\") };\n"};

auto MakeCompiler(CodeTier tier) -> std::unique_ptr<NativeCompiler> {
#ifdef REMIT_JIT
  if (tier != CodeTier::Never) return std::move(*MakeOrcCompiler());
#endif
  return nullptr;
}

class Governed {
 public:
  Governed(int64_t budgets, CodeTier tier) : engine_({.tier = tier}, MakeCompiler(tier), Borrow(job_.interner)) {
    std::string text = "permit (principal, action, resource) when { context.amount < 100 };\n";
    for (int64_t i = 0; i < budgets; ++i) text += kBudgets[i];
    CHECK(LoadPolicies(job_, "bench.remit", text, PolicyFormat::Text), "the policies are right");
    auto compiled = CompileProgram(job_, ast::IdConvention::Remit);
    CHECK(compiled.has_value(), "the policies are right");
    program_ = std::make_shared<const ir::Program>(std::move(*compiled));
    engine_.PublishPolicies(std::make_shared<Policies>(program_, nullptr));
    const Field field{.key = job_.interner.Intern("amount"), .value = Value::OfLong(7)};
    request_ = {.principal = Uid("Agent", "a"), .action = Uid("Action", "pay"), .resource = Uid("Shop", "s"), .context = {}};
    request_.context = MakeRecord(arena_, std::vector{field}).as_record();
    session_.emplace(engine_);
  }

  // Into the memory of an earlier answer.
  void Decide(GovernedDecision& answer) {
    const auto done = governor_.Decide(*session_, {.request = request_, .interner = job_.interner}, {.millis = now_}, answer);
    CHECK(done && answer.decision.allowed(), "the request is allowed");
  }
  auto Settle(const std::string& reservation) {
    return governor_.Settle(*program_, job_.interner, reservation, ledger::Verdict::Success, {}, {.millis = now_});
  }
  void Tick() { ++now_; }

 private:
  static auto Borrow(Interner& interner) -> std::shared_ptr<Interner> { return {std::shared_ptr<void>(), &interner}; }
  auto Uid(std::string_view type, std::string_view id) -> EntityUid { return {job_.interner.Intern(type), job_.interner.Intern(id)}; }

  CompileJob job_;
  std::shared_ptr<const ir::Program> program_;
  Engine engine_;
  Arena arena_;
  Request request_;
  std::optional<Session> session_;
  ledger::Ledger ledger_;
  Governor governor_{{.ledger = ledger_}};
  int64_t now_ = kNow;
};

void Run(benchmark::State& state, Phase phase, CodeTier tier) {
  const int64_t budgets = state.range(0);
  Governed governed(budgets, tier);
  GovernedDecision answer;
  std::array<std::string, kPhaseBatch> reservations;
  RunPhases(
      state, phase, [&] { governed.Tick(); },
      [&](size_t i) {
        governed.Decide(answer);
        reservations[i].swap(answer.reservation);  // whoever keeps it takes it; the next answer gets the memory of one that is settled
      },
      [&](size_t i) {
        if (budgets > 0) benchmark::DoNotOptimize(governed.Settle(reservations[i]));
      });
}

void BM_DecideInterpreted(benchmark::State& state) { Run(state, Phase::Reserve, CodeTier::Never); }
void BM_SettleAfter(benchmark::State& state) { Run(state, Phase::Settle, CodeTier::Never); }
BENCHMARK(BM_DecideInterpreted)->ArgName("budgets")->Arg(0)->Arg(1)->Arg(3)->UseManualTime();
#ifdef REMIT_JIT
void BM_Decide(benchmark::State& state) { Run(state, Phase::Reserve, CodeTier::Eager); }
BENCHMARK(BM_Decide)->ArgName("budgets")->Arg(0)->Arg(1)->Arg(3)->UseManualTime();
#endif
BENCHMARK(BM_SettleAfter)->ArgName("budgets")->Arg(1)->Arg(3)->UseManualTime();

}  // namespace
}  // namespace remit
