// `budget` and `breaker`: the statements that count.
#include "compiler/parse/clauses.h"
#include "compiler/parse/convert_scope.h"
#include "compiler/parse/cst_to_ast.h"
#include "compiler/parse/literals.h"
#include "compiler/parse/names.h"
#include "compiler/parse/operand.h"

namespace remit::parse {
namespace {

auto ToKey(Conversion& c, Grammar::PerContext* per) -> std::optional<std::vector<ast::ExprId>> {
  auto key = ToExprs(c, per->expressions());
  if (!key || !key->empty()) return key;
  c.Report(DiagnosticCode::EmptyClause, c.SpanOf(per), "per").help = "leave the clause out for a single counter";
  return std::nullopt;
}

auto CalendarKind(Grammar::WindowContext* window) -> ast::WindowKind {
  if (window->HOUR() != nullptr) return ast::WindowKind::Hour;
  if (window->DAY() != nullptr) return ast::WindowKind::Day;
  if (window->WEEK() != nullptr) return ast::WindowKind::Week;
  return ast::WindowKind::Month;
}

auto ToWindow(Conversion& c, Grammar::WindowContext* tree) -> std::optional<ast::Window> {
  ast::Window window = {.kind = ast::WindowKind::Concurrent, .time_zone = {}, .duration = {}, .span = c.SpanOf(tree)};
  if (tree->EACH() != nullptr) {
    window.kind = CalendarKind(tree);
    if (tree->STRING() == nullptr) return window;
    const auto zone = ToString(c, tree->STRING());
    if (!zone) return std::nullopt;
    window.time_zone = *zone;
  } else if (tree->block() != nullptr) {
    window.kind = tree->WITHIN() != nullptr ? ast::WindowKind::Sliding : ast::WindowKind::Refill;
    window.duration = ToBlock(c, tree, tree->block());
    if (!window.duration.has_value()) return std::nullopt;
  }
  return window;
}

auto ToHold(Conversion& c, Grammar::HoldContext* tree) -> std::optional<ast::Hold> {
  const auto duration = ToBlock(c, tree, tree->block());
  if (!duration.has_value()) return std::nullopt;
  const auto unsettled = tree->RELEASE() != nullptr ? ast::Unsettled::Release : ast::Unsettled::Charge;
  return ast::Hold{.duration = duration, .unsettled = unsettled, .span = c.SpanOf(tree)};
}

}  // namespace

auto ConvertBudget(Conversion& c, Grammar::BudgetContext* tree) -> std::optional<ast::Budget> {
  bool good = ClausesDiffer(c, tree);
  const auto block = [&](auto* clause) { return ToBlock(c, clause, clause->block()); };
  const auto name = ToIdentifier(c, tree->word());
  auto scope = ToScope(c, tree->scope(), false);
  auto conditions = ToConditions(c, tree->condition());
  good = RequireClause(c, tree, tree->limit(0), "limit { 100 }") && good;
  const auto charge = IfPresent(tree->charge(0), good, block);
  auto per = IfPresent(tree->per(0), good, [&](auto* clause) { return ToKey(c, clause); });
  const auto limit = IfPresent(tree->limit(0), good, block);
  const auto window = IfPresent(tree->window(0), good, [&](auto* clause) { return ToWindow(c, clause); });
  const auto hold = IfPresent(tree->hold(0), good, [&](auto* clause) { return ToHold(c, clause); });
  auto exceeded = IfPresent(tree->exceeded(0), good, [&](auto* clause) { return ToConsequence(c, clause, clause->consequence()); });
  if (!good || !name || !scope || !conditions) return std::nullopt;
  return ast::Budget{.name = *name,
                     .name_span = c.SpanOf(tree->word()),
                     .scope = *std::move(scope),
                     .conditions = *std::move(conditions),
                     .charge = charge,
                     .per = std::move(per).value_or(std::vector<ast::ExprId>{}),
                     .limit = limit,
                     .window = window.value_or(ast::Window{}),
                     .hold = hold,
                     .exceeded = std::move(exceeded)};
}

auto ConvertBreaker(Conversion& c, Grammar::BreakerContext* tree) -> std::optional<ast::Breaker> {
  bool good = ClausesDiffer(c, tree);
  const auto block = [&](auto* clause) { return ToBlock(c, clause, clause->block()); };
  const auto name = ToIdentifier(c, tree->word());
  auto scope = ToScope(c, tree->scope(), false);
  auto conditions = ToConditions(c, tree->condition());
  good = RequireClause(c, tree, tree->trip(0), "trip { calls >= 20 && failures * 10 >= calls * 3 }") && good;
  good = RequireClause(c, tree, tree->within(0), "within { duration(\"1m\") }") && good;
  good = RequireClause(c, tree, tree->cooldown(0), "cooldown { duration(\"30s\") }") && good;
  auto per = IfPresent(tree->per(0), good, [&](auto* clause) { return ToKey(c, clause); });
  c.locals = {c.Intern("calls"), c.Intern("failures")};
  const auto trip = IfPresent(tree->trip(0), good, block);
  c.locals.clear();
  const auto within = IfPresent(tree->within(0), good, block);
  const auto cooldown = IfPresent(tree->cooldown(0), good, block);
  const auto probe = IfPresent(tree->probe(0), good, block);
  auto open = IfPresent(tree->open(0), good, [&](auto* clause) { return ToConsequence(c, clause, clause->consequence()); });
  if (!good || !name || !scope || !conditions) return std::nullopt;
  return ast::Breaker{.name = *name,
                      .name_span = c.SpanOf(tree->word()),
                      .scope = *std::move(scope),
                      .conditions = *std::move(conditions),
                      .per = std::move(per).value_or(std::vector<ast::ExprId>{}),
                      .trip = trip,
                      .within = within,
                      .cooldown = cooldown,
                      .probe = probe,
                      .open = std::move(open)};
}

}  // namespace remit::parse
