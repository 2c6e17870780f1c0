#include "compiler/lint/lint.h"

#include <algorithm>
#include <tuple>

#include "compiler/lint/allowances.h"
#include "compiler/lint/passes.h"

namespace remit::lint {
namespace {

// What has no place comes last, in the order of the statements.
auto PlaceOf(const Finding& finding) -> std::tuple<uint32_t, uint32_t, Rule> {
  if (!finding.span.has_place()) return {UINT32_MAX, 0, finding.rule};
  return {finding.span.file.value, finding.span.begin, finding.rule};
}

}  // namespace

LintOptions::LintOptions() : levels{} {
  for (const auto& row : AllRules()) Set(row.rule, row.level);
}

auto LintReport::Count(Level level) const -> size_t { return static_cast<size_t>(std::ranges::count(findings, level, &Finding::level)); }

auto Lint(const LintInput& input, const LintOptions& options) -> LintReport {
  LintReport report;
  LintContext context{input, options, report.findings};
  for (const auto pass : {LintReach, LintConditions, LintExpressions, LintErrors, LintWidth, LintNames, LintBudgets, LintBreakers,
                          LintApprovals, LintSchema, LintTests}) {
    pass(context);
  }
  auto allowances = CollectAllowances(context, input.commented_files);
  report.allowed = ApplyAllowances(allowances, context, report.findings);
  std::ranges::stable_sort(report.findings, {}, PlaceOf);
  return report;
}

}  // namespace remit::lint
