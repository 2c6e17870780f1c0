// What every rule is given: the policies, what is known of them, and where findings go.
#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/lint/lint.h"

namespace remit::lint {

// A statement with what nearly every rule asks of it. `scope` and `conditions` are null for a test.
struct StatementView {
  uint32_t index;
  const ast::Statement& statement;
  const ast::Scope* scope;
  const std::vector<ast::Condition>* conditions;

  template <typename Body>
  auto As() const -> const Body* {
    return std::get_if<Body>(&statement.body);
  }
  auto IsPermit() const -> bool;
  auto IsForbid() const -> bool;
};

class LintContext {
 public:
  LintContext(const LintInput& input, const LintOptions& options, std::vector<Finding>& findings);

  auto ast() const -> const ast::Ast& { return input_.ast; }
  auto expr(ast::ExprId id) const -> const ast::Expr& { return input_.ast.expr(id); }
  auto interner() const -> const Interner& { return input_.interner; }
  auto sources() const -> const SourceManager& { return input_.sources; }
  auto text(SymbolId symbol) const -> std::string_view { return input_.interner.text(symbol); }
  auto id(uint32_t statement) const -> const std::string& { return input_.ids[statement]; }
  auto statements() const -> const std::vector<StatementView>& { return views_; }
  auto typed() const -> check::TypedPolicySet* { return input_.typed; }
  // Null without a schema.
  auto fragments() const -> const std::vector<schema_ast::Fragment>* { return input_.fragments; }

  auto IsWanted(Rule rule) const -> bool { return options_.level(rule) != Level::Off; }

  // The row's message with `args`. `about`: the statement, or none. The finding may be given help and a fix; it is not kept if the rule is off.
  template <typename... Args>
  auto Report(Rule rule, std::optional<uint32_t> about, Span span, const Args&... args) -> Finding& {
    return Add(rule, about, span, fmt::format(fmt::runtime(RowOf(rule).message), args...));
  }

  // `sources().text`, for a span that has a place; else nothing.
  auto TextAt(Span span) const -> std::string_view;
  // `Agent::"a1"`
  auto UidText(EntityUid uid) const -> std::string;

 private:
  auto Add(Rule rule, std::optional<uint32_t> about, Span span, std::string message) -> Finding&;

  const LintInput& input_;
  const LintOptions& options_;
  std::vector<Finding>& findings_;
  std::vector<StatementView> views_;
  Finding dropped_;
};

}  // namespace remit::lint
