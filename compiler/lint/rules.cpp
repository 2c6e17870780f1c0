#include "compiler/lint/rules.h"

#include <algorithm>
#include <array>

namespace remit::lint {
namespace {

using enum Category;
using enum Level;

constexpr auto kRows = std::to_array<RuleRow>({
#define RULE(id, code, category, level, fix, message, why, bad, good) \
  RuleRow{Rule::id, code, Category::category, Level::level, Fix::fix, message, why, bad, good},
#include "compiler/lint/rules.def"
#undef RULE
});

constexpr std::array<std::string_view, 10> kCategories = {"reach",   "logic",     "errors", "width", "names",
                                                          "budgets", "approvals", "schema", "tests", "comments"};
constexpr std::array<std::string_view, 4> kLevels = {"off", "info", "warning", "error"};

constexpr std::string_view kSchema = R"(entity Team;
entity Tenant;
entity User in [Team] = { level: Long, email: String };
entity Agent in [Team] = { owner: User, stage: String };
entity Order in [Tenant] = { tenant: Tenant, total: Long, note?: String };

action reads, writes;
action read in [reads] appliesTo { principal: [User, Agent], resource: Order };
action cancel in [writes] appliesTo { principal: [User, Agent], resource: Order, context: { reason: String } };
@charged
action refund in [writes] appliesTo { principal: Agent, resource: Order, context: { amount: Long, reason: String } };
)";

constexpr std::string_view kSchemaLine = "--- schema\n";

}  // namespace

auto AllRules() -> std::span<const RuleRow> { return kRows; }
auto RowOf(Rule rule) -> const RuleRow& { return kRows[static_cast<size_t>(rule)]; }

auto FindRule(std::string_view code) -> std::optional<Rule> {
  const auto* row = std::ranges::find(kRows, code, &RuleRow::code);
  return row == kRows.end() ? std::nullopt : std::optional(row->rule);
}

auto CategoryName(Category category) -> std::string_view { return kCategories[static_cast<size_t>(category)]; }
auto LevelName(Level level) -> std::string_view { return kLevels[static_cast<size_t>(level)]; }

auto FindLevel(std::string_view name) -> std::optional<Level> {
  const auto* found = std::ranges::find(kLevels, name);
  return found == kLevels.end() ? std::nullopt : std::optional(static_cast<Level>(found - kLevels.begin()));
}

auto ExampleSchema() -> std::string_view { return kSchema; }

auto ReadExample(std::string_view text) -> Example {
  const size_t at = text.find(kSchemaLine);
  if (at == std::string_view::npos) return {.policies = text, .schema = kSchema};
  return {.policies = text.substr(0, at), .schema = text.substr(at + kSchemaLine.size())};
}

}  // namespace remit::lint
