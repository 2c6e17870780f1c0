#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compiler/coverage/report.h"

namespace remit::coverage {
namespace {

using Row = std::array<std::string, 6>;

auto PlaceText(Span span, const SourceManager& sources) -> std::string {
  if (!span.has_place()) return "";
  const auto& file = sources.file(span.file);
  const auto place = file.locate(span.begin);
  return fmt::format("{}:{}:{}", file.name(), place.line, place.column);
}

auto RatioText(const Ratio& ratio) -> std::string { return ratio.total == 0 ? "-" : fmt::format("{}/{}", ratio.covered, ratio.total); }

auto RowOf(const StatementCoverage& statement, const SourceManager& sources) -> Row {
  const Totals totals = TotalsOf(statement);
  return {fmt::format("{} {}", statement.keyword, statement.id),
          std::to_string(statement.evaluated),
          std::to_string(statement.satisfied),
          RatioText(totals.clauses),
          RatioText(totals.branches),
          PlaceText(statement.span, sources)};
}

auto TableText(const std::vector<Row>& rows) -> std::string {
  std::array<size_t, 6> widths = {};
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (const auto& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) text += fmt::format("{:<{}}", row[i], i + 1 == row.size() ? 0 : widths[i] + 2);
    text += '\n';
  }
  return text;
}

auto MissesOf(const StatementCoverage& statement, const SourceManager& sources) -> std::string {
  std::string text;
  for (const auto& clause : statement.clauses) {
    if (clause.hits == 0)
      text += fmt::format("{}: `{}` of `{}` was never reached\n", PlaceText(clause.span, sources), clause.name, statement.id);
  }
  for (const auto& branch : statement.branches) {
    const bool is_covered = branch.was_true > 0 && branch.was_false > 0;
    if (is_covered) continue;
    const auto never = branch.was_true + branch.was_false == 0 ? "decided" : branch.was_true == 0 ? "true" : "false";
    text += fmt::format("{}: `{}` was never {}\n", PlaceText(branch.span, sources), sources.text(branch.span), never);
  }
  return text;
}

}  // namespace

auto PercentText(double percent) -> std::string { return fmt::format("{:.1f} %", percent); }

auto FormatText(const Coverage& coverage, const SourceManager& sources) -> std::string {
  std::vector<Row> rows = {{"statement", "evaluated", "satisfied", "clauses", "conditions", "place"}};
  std::string misses;
  for (const auto& statement : coverage) {
    rows.push_back(RowOf(statement, sources));
    misses += MissesOf(statement, sources);
  }
  const Totals totals = TotalsOf(coverage);
  return TableText(rows) + misses +
         fmt::format("coverage: {} ({} statements, {} clauses, {} sides of conditions)\n", PercentText(totals.percent()),
                     RatioText(totals.statements), RatioText(totals.clauses), RatioText(totals.branches));
}

}  // namespace remit::coverage
