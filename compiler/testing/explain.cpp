#include "compiler/testing/explain.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "runtime/base/text.h"

namespace remit::tests {
namespace {

auto DescribeAll(const std::vector<uint32_t>& policies, const StatementPlaces& places) -> std::string {
  std::vector<std::string> all;
  for (const uint32_t policy : policies) all.push_back(places.Describe(policy));
  return fmt::format("{}", fmt::join(all, ", "));
}

auto OutcomeLine(const Decision& decision, const StatementPlaces& places) -> std::string {
  const auto outcome = OutcomeName(decision.outcome);
  if (!decision.quarantined.empty()) return fmt::format("`{}`: {} is quarantined", outcome, decision.quarantined);
  if (decision.determining.empty()) return fmt::format("`{}`: no statement permits it", outcome);
  return fmt::format("`{}` by {}", outcome, DescribeAll(decision.determining, places));
}

auto ErrorLine(const EvalError& error, const StatementPlaces& places) -> std::string {
  const Span span = {.file = {error.span_file}, .begin = error.span_begin, .end = error.span_end};
  const auto place = error.span_file == UINT32_MAX ? "" : " at " + places.PlaceOf(span);
  return fmt::format("{} failed{}: {}", places.Describe(error.policy), place, error.message);
}

auto WantedLine(const WantedApproval& wanted, const StatementPlaces& places) -> std::string {
  std::vector<std::string> by;
  for (const auto& entity : wanted.by) by.push_back(FormatUid(entity));
  return fmt::format("{} waits for {} approval{} by {}", places.Describe(wanted.policy), wanted.terms.quorum,
                     wanted.terms.quorum == 1 ? "" : "s", fmt::join(by, " or "));
}

}  // namespace

auto Explain(const Decision& decision, const StatementPlaces& places) -> std::vector<std::string> {
  const auto& program = places.program();
  std::vector<std::string> why = {OutcomeLine(decision, places)};
  for (const auto& error : decision.errors) why.push_back(ErrorLine(error, places));
  for (const auto& wanted : decision.approvals) why.push_back(WantedLine(wanted, places));
  for (const auto& claim : decision.budgets) {
    why.push_back(fmt::format("budget `{}` [{}]: {} used, {} asked for, limit {}",
                              places.interner().text(program.budgets[claim.budget].name), claim.key, claim.used, claim.charge,
                              claim.limit));
  }
  for (const auto& claim : decision.breakers) {
    why.push_back(fmt::format("breaker `{}` [{}] is {}", places.interner().text(program.breakers[claim.breaker].name), claim.key,
                              claim.is_open ? "open" : "closed"));
  }
  return why;
}

auto QuotedIds(const std::vector<std::string>& ids) -> std::string {
  std::vector<std::string> quoted;
  for (const auto& id : ids) quoted.push_back(fmt::format("`{}`", id));
  return ids.empty() ? "no statement" : fmt::format("{}", fmt::join(quoted, ", "));
}

auto AmountText(int64_t amount, bool is_decimal) -> std::string {
  const Interner nothing;
  return FormatValue(is_decimal ? Value::OfDecimal({.units = amount}) : Value::OfLong(amount), nothing);
}

auto DifferenceOf(const Decision& a, const Decision& b, const StatementPlaces& places) -> std::string {
  if (a == b) return {};
  if (a.outcome != b.outcome) return fmt::format("`{}` and `{}`", OutcomeName(a.outcome), OutcomeName(b.outcome));
  if (a.determining != b.determining) {
    return fmt::format("decided by {} and by {}", DescribeAll(a.determining, places), DescribeAll(b.determining, places));
  }
  if (a.errors != b.errors) return fmt::format("{} errors and {}, or other words in them", a.errors.size(), b.errors.size());
  if (a.budgets != b.budgets || a.breakers != b.breakers) return "what is asked of budgets and breakers";
  if (a.approvals != b.approvals) return "the approvals that are waited for";
  return "obligations";
}

}  // namespace remit::tests
