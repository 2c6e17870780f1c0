// How much of a policy set was tried: statements, their clauses, and the sides of their conditions. Plain data for reports.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/source/source_file.h"

namespace remit::coverage {

// A condition without `&&`, `||`, `!` or `if` of its own, or the condition of an `if`: how often it was true and false.
struct Branch {
  Span span;
  uint64_t was_true = 0;
  uint64_t was_false = 0;
};

// `when`, `charge`, `exceeded`, ..: how often it was evaluated, or took effect.
struct Clause {
  std::string name;
  Span span;
  uint64_t hits = 0;
};

struct StatementCoverage {
  std::string id;
  std::string keyword;  // permit, budget, ..
  Span span;
  uint64_t evaluated = 0;  // the scope matched
  uint64_t satisfied = 0;
  std::vector<Clause> clauses;    // in the order of the source, as are the branches
  std::vector<Branch> branches;
};

using Coverage = std::vector<StatementCoverage>;

struct Ratio {
  uint64_t covered = 0;
  uint64_t total = 0;
};

struct Totals {
  Ratio statements;  // satisfied at least once
  Ratio clauses;
  Ratio branches;  // both sides count

  // Of all of these together, 0 to 100. Nothing to cover is covered.
  auto percent() const -> double;
};

auto TotalsOf(const StatementCoverage& statement) -> Totals;
auto TotalsOf(const Coverage& coverage) -> Totals;

}  // namespace remit::coverage
