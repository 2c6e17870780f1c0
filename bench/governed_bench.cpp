// What budgets add to a decision: the same request, decided by the governor with none, one and three budgets, and with the settlement.
//
// Interpreted, so that a build without native code has the same benchmark; what budgets add is the same then, and a little more.
#include <benchmark/benchmark.h>

#include <string>

#include "compiler/driver/compile_job.h"
#include "runtime/base/check.h"
#include "runtime/engine/session.h"
#include "runtime/governor/governor.h"

namespace remit {
namespace {

constexpr int64_t kNow = 1'772'452'800'000;

// Three budgets of three windows, with keys of the request and charges of its context.
constexpr const char* kBudgets[] = {
    "budget calls (principal, action, resource) per { principal } limit { 1000000000000 };\n",
    "budget spend (principal, action, resource) charge { context.amount } per { resource } limit { 1000000000000 } each day;\n",
    "budget tokens (principal, action, resource) charge { 3 } limit { 1000000000000 } within { duration(\"1h\") };\n"};

class Governed {
 public:
  explicit Governed(int64_t budgets) : engine_({.tier = CodeTier::Never}, nullptr, Borrow(job_.interner)) {
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

  auto Decide() -> Expected<GovernedDecision> {
    return governor_.Decide(*session_, {.request = request_, .interner = job_.interner}, {.millis = ++now_});
  }
  auto Settle(const GovernedDecision& decision) {
    return governor_.Settle(*program_, job_.interner, decision.reservation, ledger::Verdict::Success, {}, {.millis = now_});
  }

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

void BM_DecideAndSettle(benchmark::State& state) {
  Governed governed(state.range(0));
  for (auto _ : state) {
    const auto decision = governed.Decide();
    CHECK(decision && decision->decision.allowed(), "the request is allowed");
    if (state.range(0) > 0) benchmark::DoNotOptimize(governed.Settle(*decision));
  }
}
BENCHMARK(BM_DecideAndSettle)->ArgName("budgets")->Arg(0)->Arg(1)->Arg(3);

// Reservations stay open until their holds end, a minute later on the clock of the benchmark, which is 60,000 decisions.
void BM_Decide(benchmark::State& state) {
  Governed governed(state.range(0));
  for (auto _ : state) benchmark::DoNotOptimize(governed.Decide());
}
BENCHMARK(BM_Decide)->ArgName("budgets")->Arg(0)->Arg(1)->Arg(3);

}  // namespace
}  // namespace remit
