// Documentation of the rules, from their table.
#include <fmt/format.h>

#include "compiler/source/markdown.h"

#include "compiler/lint/report.h"

namespace remit::lint {
namespace {

auto ExampleBlock(std::string_view title, std::string_view text) -> std::string {
  const auto example = ReadExample(text);
  auto policies = example.policies;
  while (policies.ends_with('\n')) policies.remove_suffix(1);
  auto block = fmt::format("{}\n\n```cedar\n{}\n```\n", title, policies);
  if (example.schema != ExampleSchema()) block += fmt::format("\nwith the schema\n\n```cedarschema\n{}\n```\n", example.schema);
  return block;
}

}  // namespace

auto RulePage(const RuleRow& row) -> std::string {
  return fmt::format("# {}\n\n> {}\n\n{}\n\n| category | level | fixed by `--fix` |\n|---|---|---|\n| {} | {} | {} |\n\n{}\n{}", row.code,
                     row.message, row.why, CategoryName(row.category), LevelName(row.level), row.fix == Fix::Safe ? "yes" : "no",
                     ExampleBlock("Found:", row.bad), ExampleBlock("Not found:", row.good));
}

auto RuleIndex() -> std::string {
  std::string page =
      "# Rules of the linter\n\nGenerated from `compiler/lint/rules.def`. Codes are stable. [linting.md](../linting.md) tells how levels "
      "are set "
      "and how a finding is allowed.\n\n| rule | category | level | fix | |\n|---|---|---|---|---|\n";
  for (const auto& row : AllRules()) {
    page += fmt::format("| [{0}]({0}.md) | {1} | {2} | {3} | {4} |\n", row.code, CategoryName(row.category), LevelName(row.level),
                        row.fix == Fix::Safe ? "yes" : "", MarkdownCell(row.message));
  }
  return page + fmt::format("\nThe examples are written for this schema, where they have none of their own:\n\n```cedarschema\n{}```\n",
                            ExampleSchema());
}

}  // namespace remit::lint
