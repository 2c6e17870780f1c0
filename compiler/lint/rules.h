// The rules of the linter: one row each in rules.def, from which come names, levels, documentation pages and a test of each example.
//
// A rule is a judgement about policies that check: what is an error of the language is the checker's and cannot be turned off.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace remit::lint {

enum class Rule : uint8_t {
#define RULE(id, code, category, level, fix, message, why, bad, good) id,
#include "compiler/lint/rules.def"
#undef RULE
};

enum class Category : uint8_t { Reach, Logic, Errors, Width, Names, Budgets, Approvals, Schema, Tests, Comments };

enum class Level : uint8_t { Off, Info, Warning, Error };

// Whether `--fix` can mend what the rule finds without a change of meaning.
enum class Fix : uint8_t { None, Safe };

struct RuleRow {
  Rule rule;
  std::string_view code;  // stable
  Category category;
  Level level;  // unless the project says otherwise
  Fix fix;
  std::string_view message;  // `{}` for each argument
  std::string_view why;
  // Policies that the rule finds, and the same as they should be; read with ExampleSchema(), or with their own behind a line `--- schema`.
  std::string_view bad;
  std::string_view good;
};

auto AllRules() -> std::span<const RuleRow>;
auto RowOf(Rule rule) -> const RuleRow&;
auto FindRule(std::string_view code) -> std::optional<Rule>;

auto CategoryName(Category category) -> std::string_view;
// `off`, `info`, `warning`, `error`
auto LevelName(Level level) -> std::string_view;
auto FindLevel(std::string_view name) -> std::optional<Level>;

// What the examples in the table are written for.
auto ExampleSchema() -> std::string_view;

struct Example {
  std::string_view policies;
  std::string_view schema;
};
auto ReadExample(std::string_view text) -> Example;

}  // namespace remit::lint
