#include "compiler/explain/budget_flips.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/lower/lower.h"
#include "compiler/testing/test_engine.h"
#include "runtime/eval/interpreter.h"
#include "runtime/eval/world.h"
#include "runtime/value/format.h"

namespace remit::explain {
namespace {

enum class Part : uint8_t { Use, Limit };

// One number of one budget that is another one.
struct Alteration {
  size_t budget = 0;  // position in the readings
  Part part = Part::Use;
  int64_t value = 0;
};

// Answers what was read, but for the alteration.
class AlteredWorld final : public World {
 public:
  AlteredWorld(const ir::Program& program, const Interner& interner, const LedgerReadings& readings, const Alteration* alteration)
      : program_(program), interner_(interner), readings_(readings), alteration_(alteration) {}

  auto Read(std::span<BudgetClaim> budgets, std::span<BreakerClaim> breakers) -> Expected<void> override {
    for (auto& claim : budgets) {
      const auto* found = Find(readings_.budgets, program_.budgets[claim.budget].name, claim.key);
      if (found == nullptr) return Unknown();
      claim.used = found->used;
      if (alteration_ == nullptr || found != &readings_.budgets[alteration_->budget]) continue;
      (alteration_->part == Part::Use ? claim.used : claim.limit) = alteration_->value;
    }
    for (auto& claim : breakers) {
      const auto* found = Find(readings_.breakers, program_.breakers[claim.breaker].name, claim.key);
      if (found == nullptr) return Unknown();
      claim.is_open = found->is_open;
    }
    return {};
  }

  auto IsApproved(const WantedApproval& wanted) -> bool override {
    const auto id = interner_.text(program_.policies[wanted.policy].id);
    return std::ranges::find(readings_.lifted, id) != readings_.lifted.end();
  }
  auto quarantined() -> std::span<const EntityUid> override { return {}; }

 private:
  // Null: it was not read.
  template <typename Reading>
  auto Find(const std::vector<Reading>& all, SymbolId name, std::string_view key) const -> const Reading* {
    const auto found = std::ranges::find_if(all, [&](const auto& each) { return each.name == interner_.text(name) && each.key == key; });
    return found == all.end() ? nullptr : &*found;
  }
  // With another use other statements may want to know of budgets that were not asked about.
  static auto Unknown() -> std::unexpected<Error> {
    return std::unexpected(Error{.code = "state-missing", .message = "this was not read", .pointer = {}, .help = {}});
  }

  const ir::Program& program_;
  const Interner& interner_;
  const LedgerReadings& readings_;
  const Alteration* alteration_;
};

class BudgetSearch {
 public:
  BudgetSearch(const ExplainInput& input, const RequestDocument& document, const LedgerReadings& readings, Flips& flips)
      : input_(input),
        document_(document),
        readings_(readings),
        flips_(flips),
        engine_({.program = input.program,
                 .entities = input.entities,
                 .interner = input.job.interner,
                 .schema = input.schema,
                 .limits = input.job.limits},
                nullptr, nullptr) {}

  void Run() {
    engine_.session().Pin();
    if (Decide(nullptr) != readings_.outcome) return;
    for (size_t i = 0; i < readings_.budgets.size(); ++i) {
      Try(i, Part::Use, Uses(readings_.budgets[i]));
      Try(i, Part::Limit, Limits(readings_.budgets[i]));
    }
    std::ranges::stable_sort(flips_.found, {}, [](const Flip& flip) { return flip.changes.size(); });
  }

 private:
  auto own_entities() const -> const EntityStore* { return document_.entities ? &*document_.entities : nullptr; }

  auto Decide(const Alteration* alteration) -> Outcome {
    ++flips_.tried;
    AlteredWorld world(input_.program, input_.job.interner, readings_, alteration);
    return engine_.session()
        .Decide(document_.request, input_.job.interner, own_entities(), false,
                {.now = input_.now, .world = &world, .delegation = document_.delegation})
        .outcome;
  }

  // The nearest value that turns it around.
  void Try(size_t budget, Part part, std::vector<int64_t> values) {
    const auto& reading = readings_.budgets[budget];
    const int64_t now = part == Part::Use ? reading.used : reading.limit;
    std::erase_if(values, [&](int64_t value) { return value < 0 || value == now; });
    const auto distance = [&](int64_t value) {
      return value < now ? static_cast<uint64_t>(now) - static_cast<uint64_t>(value)
                         : static_cast<uint64_t>(value) - static_cast<uint64_t>(now);
    };
    std::ranges::stable_sort(values, {}, distance);
    values.erase(std::ranges::unique(values).begin(), values.end());
    flips_.candidates += values.size();
    for (const int64_t value : values) {
      if (flips_.tried >= kMostDecisions) {
        flips_.is_exhausted = false;
        return;
      }
      const Alteration alteration = {.budget = budget, .part = part, .value = value};
      const Outcome outcome = Decide(&alteration);
      if ((outcome == Outcome::Execute) == (readings_.outcome == Outcome::Execute)) continue;
      flips_.found.push_back({.changes = {ChangeOf(reading, part, now, value)}, .outcome = std::string(OutcomeName(outcome))});
      return;
    }
  }

  auto ChangeOf(const BudgetReading& reading, Part part, int64_t before, int64_t after) -> Change {
    const bool is_decimal = IsDecimal(reading.name);
    const auto text = [&](int64_t amount) {
      return is_decimal ? fmt::format("\"{}\"", FormatDecimal({.units = amount})) : std::to_string(amount);
    };
    return {.what = fmt::format("budget.{}.{}", reading.name, part == Part::Use ? "used" : "limit"),
            .before = text(before),
            .after = text(after)};
  }

  // What just fits and what just does not, nothing, and what conditions on the budget's state compare with.
  auto Uses(const BudgetReading& reading) const -> std::vector<int64_t> {
    std::vector<int64_t> uses = {0};
    const auto around = [&](int64_t value) {
      for (const int64_t step : {-1, 0, 1}) uses.push_back(Plus(value, step));
    };
    around(Plus(reading.limit, -reading.charge));
    for (const int64_t bound : Compared(reading.name)) {
      around(bound);
      around(Plus(bound, -reading.charge));
      around(Plus(Plus(reading.limit, -reading.charge), -bound));
    }
    return uses;
  }

  auto Limits(const BudgetReading& reading) const -> std::vector<int64_t> {
    const int64_t after = Plus(reading.used, reading.charge);
    std::vector<int64_t> limits = {after, Plus(after, -1)};
    for (const int64_t bound : Compared(reading.name)) {
      for (const int64_t step : {-1, 0, 1}) limits.push_back(Plus(Plus(after, bound), step)), limits.push_back(Plus(bound, step));
    }
    return limits;
  }

  // Beyond what there is: no value, which is left out with those below nothing.
  static auto Plus(int64_t a, int64_t b) -> int64_t {
    int64_t sum = 0;
    return a < -1 || __builtin_add_overflow(a, b, &sum) ? -1 : sum;
  }

  // Longs, none below nothing, that `budget.NAME.FIELD` is compared with, wherever that stands.
  auto Compared(std::string_view name) const -> std::vector<int64_t> {
    constexpr size_t kMost = 50;
    const auto& ast = input_.job.ast;
    std::vector<int64_t> bounds;
    const auto is_read = [&](ast::ExprId id) {
      const auto* read = std::get_if<ast::StateRead>(&ast.expr(id).node);
      return read != nullptr && read->state == ast::StateKind::Budget && input_.job.interner.text(read->name) == name;
    };
    for (const auto& expr : ast.exprs) {
      const auto* binary = std::get_if<ast::Binary>(&expr.node);
      if (binary == nullptr || is_read(binary->left) == is_read(binary->right)) continue;
      const auto* bound = std::get_if<ast::LongLit>(&ast.expr(is_read(binary->left) ? binary->right : binary->left).node);
      if (bound != nullptr && bound->value >= 0 && bounds.size() < kMost) bounds.push_back(bound->value);
    }
    return bounds;
  }

  auto IsDecimal(std::string_view name) -> bool {
    for (const auto& statement : input_.job.ast.statements) {
      const auto* budget = std::get_if<ast::Budget>(&statement.body);
      if (budget == nullptr || input_.job.interner.text(budget->name) != name) continue;
      DiagnosticSink sink;
      const auto program = LowerExpression(input_.job.ast, budget->limit, input_.job.interner, sink);
      if (sink.has_errors() || !ir::Verify(program)) return false;
      Arena arena;
      const auto limit = remit::Evaluate(program, 0,
                                         {.entities = own_entities() != nullptr ? *own_entities() : input_.entities,
                                          .request = document_.request,
                                          .interner = input_.job.interner,
                                          .arena = arena,
                                          .now = input_.now});
      return limit && limit->is(Kind::Decimal);
    }
    return false;
  }

  const ExplainInput& input_;
  const RequestDocument& document_;
  const LedgerReadings& readings_;
  Flips& flips_;
  tests::TestEngine engine_;
};

}  // namespace

void FindBudgetFlips(const ExplainInput& input, std::string_view request, const LedgerReadings& readings, Flips& flips) {
  if (readings.budgets.empty()) return;
  Arena arena;
  const auto document =
      ReadRequest(request, input.job.interner, arena, {.limits = input.job.limits, .schema = input.schema}, &input.entities);
  if (document) BudgetSearch(input, *document, readings, flips).Run();
}

}  // namespace remit::explain
