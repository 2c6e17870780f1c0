#include "compiler/coverage/coverage.h"

namespace remit::coverage {
namespace {

void Add(Ratio& ratio, bool covered) {
  ratio.covered += covered ? 1 : 0;
  ++ratio.total;
}

void Add(Ratio& ratio, const Ratio& other) {
  ratio.covered += other.covered;
  ratio.total += other.total;
}

}  // namespace

auto Totals::percent() const -> double {
  Ratio all = statements;
  Add(all, clauses);
  Add(all, branches);
  return all.total == 0 ? 100.0 : 100.0 * static_cast<double>(all.covered) / static_cast<double>(all.total);
}

auto TotalsOf(const StatementCoverage& statement) -> Totals {
  Totals totals;
  Add(totals.statements, statement.satisfied > 0);
  for (const auto& clause : statement.clauses) Add(totals.clauses, clause.hits > 0);
  for (const auto& branch : statement.branches) {
    Add(totals.branches, branch.was_true > 0);
    Add(totals.branches, branch.was_false > 0);
  }
  return totals;
}

auto TotalsOf(const Coverage& coverage) -> Totals {
  Totals totals;
  for (const auto& statement : coverage) {
    const Totals one = TotalsOf(statement);
    Add(totals.statements, one.statements);
    Add(totals.clauses, one.clauses);
    Add(totals.branches, one.branches);
  }
  return totals;
}

}  // namespace remit::coverage
