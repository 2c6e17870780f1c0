#include "compiler/coverage/points.h"

#include <algorithm>

#include "compiler/check/walk.h"

namespace remit::coverage {
namespace {

struct ClauseVisitor {
  const ast::Ast& ast;
  std::vector<Clause>& clauses;

  void Add(std::string_view name, ast::ExprId expr) const {
    if (expr.has_value() && ast.expr(expr).span.has_place()) clauses.push_back({.name = std::string(name), .span = ast.expr(expr).span});
  }
  void Conditions(const std::vector<ast::Condition>& conditions) const {
    for (const auto& condition : conditions) Add(condition.kind == ast::ConditionKind::When ? "when" : "unless", condition.body);
  }
  void Obligations(const std::optional<ast::Oblige>& oblige) const {
    if (oblige) Add("oblige", oblige->record);
  }
  void Keys(const std::vector<ast::ExprId>& per) const {
    for (const auto key : per) Add("per", key);
  }
  void operator()(const ast::Policy& policy) const {
    Conditions(policy.conditions);
    Obligations(policy.oblige);
  }
  void operator()(const ast::Escalate& escalate) const {
    Conditions(escalate.conditions);
    Add("approval", escalate.approval.by);
    Obligations(escalate.oblige);
  }
  void operator()(const ast::Restrict& restrict) const {
    Conditions(restrict.conditions);
    Obligations(restrict.oblige);
  }
  void operator()(const ast::Budget& budget) const {
    Conditions(budget.conditions);
    Add("charge", budget.charge);
    Keys(budget.per);
    Add("limit", budget.limit);
  }
  void operator()(const ast::Breaker& breaker) const {
    Conditions(breaker.conditions);
    Keys(breaker.per);
    Add("trip", breaker.trip);
  }
  void operator()(const ast::Assert& /*assertion*/) const {}
  void operator()(const ast::Test& /*test*/) const {}
};

// An expression still to be looked at. `is_condition`: its value says which way things go.
struct Pending {
  ast::ExprId expr;
  bool is_condition = false;
};

struct BranchVisitor {
  std::vector<Pending>& pending;
  bool is_condition;

  void Look(ast::ExprId expr, bool as_condition) const {
    if (expr.has_value()) pending.push_back({.expr = expr, .is_condition = as_condition});
  }
  // Each returns whether the expression is a condition that consists of others.
  auto operator()(const ast::Binary& node) const -> bool {
    const bool is_logical = node.op == ast::BinaryOp::And || node.op == ast::BinaryOp::Or;
    Look(node.left, is_logical);
    Look(node.right, is_logical);
    return is_logical;
  }
  auto operator()(const ast::Unary& node) const -> bool {
    const bool is_not = node.op == ast::UnaryOp::Not;
    Look(node.operand, is_not);
    return is_not;
  }
  auto operator()(const ast::If& node) const -> bool {
    Look(node.condition, true);
    Look(node.then_branch, is_condition);
    Look(node.else_branch, is_condition);
    return true;
  }
  auto operator()(const ast::Quantifier& node) const -> bool { return Look(node.set, false), false; }
  auto operator()(const ast::GetAttr& node) const -> bool { return Look(node.object, false), false; }
  auto operator()(const ast::HasAttr& node) const -> bool { return Look(node.object, false), false; }
  auto operator()(const ast::Like& node) const -> bool { return Look(node.text, false), false; }
  auto operator()(const ast::Is& node) const -> bool {
    Look(node.object, false);
    Look(node.in, false);
    return false;
  }
  auto operator()(const ast::SetLit& node) const -> bool { return All(node.elements); }
  auto operator()(const ast::Call& node) const -> bool { return All(node.args); }
  auto operator()(const ast::UnknownCall& node) const -> bool { return All(node.args); }
  auto operator()(const ast::RecordLit& node) const -> bool {
    for (const auto& entry : node.entries) Look(entry.value, false);
    return false;
  }
  // Leaves.
  template <typename Node>
  auto operator()(const Node& /*node*/) const -> bool {
    return false;
  }

  auto All(const std::vector<ast::ExprId>& exprs) const -> bool {
    for (const auto expr : exprs) Look(expr, false);
    return false;
  }
};

auto ConditionRoots(const ast::Statement& statement) -> std::vector<Pending> {
  std::vector<Pending> roots;
  std::vector<ast::ExprId> seen;
  if (const auto* conditions = check::ConditionsOf(statement)) {
    for (const auto& condition : *conditions) {
      roots.push_back({.expr = condition.body, .is_condition = true});
      seen.push_back(condition.body);
    }
  }
  if (const auto* breaker = std::get_if<ast::Breaker>(&statement.body)) {
    roots.push_back({.expr = breaker->trip, .is_condition = true});
    seen.push_back(breaker->trip);
  }
  for (const auto root : check::RootsOf(statement)) {
    if (std::ranges::find(seen, root) == seen.end()) roots.push_back({.expr = root});
  }
  return roots;
}

}  // namespace

auto IsCovered(const ast::Statement& statement) -> bool {
  return !std::holds_alternative<ast::Assert>(statement.body) && !std::holds_alternative<ast::Test>(statement.body);
}

auto ClausesOf(const ast::Ast& ast, const ast::Statement& statement) -> std::vector<Clause> {
  std::vector<Clause> clauses;
  std::visit(ClauseVisitor{.ast = ast, .clauses = clauses}, statement.body);
  std::ranges::stable_sort(clauses, {}, [](const Clause& clause) { return clause.span.begin; });
  return clauses;
}

auto EffectClauseOf(const ast::Statement& statement) -> std::optional<Clause> {
  const auto* budget = std::get_if<ast::Budget>(&statement.body);
  const auto* breaker = std::get_if<ast::Breaker>(&statement.body);
  if (budget != nullptr && budget->exceeded) return Clause{.name = "exceeded", .span = budget->exceeded->span};
  if (breaker != nullptr && breaker->open) return Clause{.name = "open", .span = breaker->open->span};
  return std::nullopt;
}

auto BranchesOf(const ast::Ast& ast, const ast::Statement& statement) -> std::vector<Branch> {
  std::vector<Branch> branches;
  auto pending = ConditionRoots(statement);
  while (!pending.empty()) {
    const auto [id, is_condition] = pending.back();
    pending.pop_back();
    const auto& expr = ast.expr(id);
    const bool consists_of_others = std::visit(BranchVisitor{.pending = pending, .is_condition = is_condition}, expr.node);
    if (is_condition && !consists_of_others && expr.span.has_place()) branches.push_back({.span = expr.span});
  }
  std::ranges::sort(branches, {}, [](const Branch& branch) { return branch.span.begin; });
  return branches;
}

}  // namespace remit::coverage
