#include "compiler/check/walk.h"

namespace remit::check {
namespace {

using Exprs = std::vector<ast::ExprId>;

struct Children {
  Exprs& out;

  void Add(ast::ExprId id) const {
    if (id.has_value()) out.push_back(id);
  }
  void operator()(const ast::Unary& node) const { Add(node.operand); }
  void operator()(const ast::Binary& node) const {
    Add(node.left);
    Add(node.right);
  }
  void operator()(const ast::If& node) const {
    Add(node.condition);
    Add(node.then_branch);
    Add(node.else_branch);
  }
  void operator()(const ast::GetAttr& node) const { Add(node.object); }
  void operator()(const ast::HasAttr& node) const { Add(node.object); }
  void operator()(const ast::Like& node) const { Add(node.text); }
  void operator()(const ast::Is& node) const {
    Add(node.object);
    Add(node.in);
  }
  void operator()(const ast::SetLit& node) const {
    for (const auto element : node.elements) Add(element);
  }
  void operator()(const ast::RecordLit& node) const {
    for (const auto& entry : node.entries) Add(entry.value);
  }
  void operator()(const ast::Call& node) const {
    for (const auto arg : node.args) Add(arg);
  }
  void operator()(const ast::UnknownCall& node) const {
    for (const auto arg : node.args) Add(arg);
  }
  void operator()(const ast::Quantifier& node) const {
    Add(node.set);
    Add(node.body);
  }
  // Leaves.
  template <typename Node>
  void operator()(const Node& /*node*/) const {}
};

struct Roots {
  Children add;

  void Conditions(const std::vector<ast::Condition>& conditions) const {
    for (const auto& condition : conditions) add.Add(condition.body);
  }
  void Obligations(const std::optional<ast::Oblige>& oblige) const {
    if (oblige) add.Add(oblige->record);
  }
  void OneApproval(const ast::Approval& approval) const {
    for (const auto id : {approval.by, approval.quorum, approval.expires, approval.uses, approval.scope}) add.Add(id);
  }
  void OneConsequence(const std::optional<ast::Consequence>& consequence) const {
    if (consequence && consequence->approval) OneApproval(*consequence->approval);
  }

  void operator()(const ast::Policy& policy) const {
    Conditions(policy.conditions);
    Obligations(policy.oblige);
  }
  void operator()(const ast::Escalate& escalate) const {
    Conditions(escalate.conditions);
    OneApproval(escalate.approval);
    Obligations(escalate.oblige);
  }
  void operator()(const ast::Restrict& restrict) const {
    Conditions(restrict.conditions);
    Obligations(restrict.oblige);
  }
  void operator()(const ast::Budget& budget) const {
    Conditions(budget.conditions);
    add.Add(budget.charge);
    for (const auto key : budget.per) add.Add(key);
    add.Add(budget.limit);
    add.Add(budget.window.duration);
    if (budget.hold) add.Add(budget.hold->duration);
    OneConsequence(budget.exceeded);
  }
  void operator()(const ast::Breaker& breaker) const {
    Conditions(breaker.conditions);
    for (const auto key : breaker.per) add.Add(key);
    for (const auto id : {breaker.trip, breaker.within, breaker.cooldown, breaker.probe}) add.Add(id);
    OneConsequence(breaker.open);
  }
  void operator()(const ast::Assert& assertion) const { Conditions(assertion.conditions); }
  void operator()(const ast::Test& test) const {
    for (const auto& step : test.steps) {
      if (const auto* entity = std::get_if<ast::TestEntity>(&step.step)) {
        add.Add(entity->attrs);
        add.Add(entity->tags);
      } else if (const auto* request = std::get_if<ast::TestRequest>(&step.step)) {
        add.Add(request->context);
      } else if (const auto* figure = std::get_if<ast::TestExpectBudget>(&step.step)) {
        add.Add(figure->value);
      } else if (const auto* settle = std::get_if<ast::TestSettle>(&step.step)) {
        add.Add(settle->actual);
      } else if (const auto* advance = std::get_if<ast::TestAdvance>(&step.step)) {
        add.Add(advance->duration);
      }
    }
  }
};

}  // namespace

auto RootsOf(const ast::Statement& statement) -> std::vector<ast::ExprId> {
  Exprs roots;
  std::visit(Roots{.add = {roots}}, statement.body);
  return roots;
}

void VisitExprs(const ast::Ast& ast, std::vector<ast::ExprId> roots, const std::function<void(ast::ExprId, const ast::Expr&)>& visit) {
  while (!roots.empty()) {
    const ast::ExprId id = roots.back();
    roots.pop_back();
    visit(id, ast.expr(id));
    std::visit(Children{roots}, ast.expr(id).node);
  }
}

auto ScopeOf(const ast::Statement& statement) -> const ast::Scope* {
  return std::visit(
      [](const auto& body) -> const ast::Scope* {
        if constexpr (requires { body.scope; }) {
          return &body.scope;
        } else {
          return nullptr;
        }
      },
      statement.body);
}

auto ConditionsOf(const ast::Statement& statement) -> const std::vector<ast::Condition>* {
  return std::visit(
      [](const auto& body) -> const std::vector<ast::Condition>* {
        if constexpr (requires { body.conditions; }) {
          return &body.conditions;
        } else {
          return nullptr;
        }
      },
      statement.body);
}

}  // namespace remit::check
