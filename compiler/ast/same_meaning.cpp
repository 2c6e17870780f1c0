// Equality of trees but for spans and brackets.
//
// Expressions are compared with a stack of pairs, not by recursion, so a chain of any length is compared in constant stack.
#include <algorithm>
#include <vector>

#include "compiler/ast/same_meaning.h"

namespace remit::ast {
namespace {

class Comparison {
 public:
  Comparison(const Ast& a, const Ast& b) : a_(a), b_(b) {}

  auto Same() -> bool;
  auto SameExpr(ExprId a, ExprId b) -> bool;
  auto SameBody(const Statement& a, const Statement& b) -> bool;

 private:
  // ---- expressions: what the node itself says is compared at once, its operands are put on the stack ----
  auto SameNode(const ExprNode& a, const ExprNode& b) -> bool;
  void Later(ExprId a, ExprId b) { pending_.emplace_back(a, b); }
  auto Later(const std::vector<ExprId>& a, const std::vector<ExprId>& b) -> bool;

  auto Node(const BoolLit& a, const BoolLit& b) -> bool { return a.value == b.value; }
  auto Node(const LongLit& a, const LongLit& b) -> bool { return a.value == b.value; }
  auto Node(const StringLit& a, const StringLit& b) -> bool { return a.text == b.text; }
  auto Node(const EntityLit& a, const EntityLit& b) -> bool { return a.uid == b.uid; }
  auto Node(const VarRef& a, const VarRef& b) -> bool { return a.var == b.var; }
  auto Node(const SlotRef& a, const SlotRef& b) -> bool { return a.slot == b.slot; }
  auto Node(const LocalRef& a, const LocalRef& b) -> bool { return a.name == b.name; }
  auto Node(const Unary& a, const Unary& b) -> bool { return Later(a.operand, b.operand), a.op == b.op; }
  auto Node(const Binary& a, const Binary& b) -> bool { return Later(a.left, b.left), Later(a.right, b.right), a.op == b.op; }
  auto Node(const If& a, const If& b) -> bool {
    return Later(a.condition, b.condition), Later(a.then_branch, b.then_branch), Later(a.else_branch, b.else_branch), true;
  }
  auto Node(const GetAttr& a, const GetAttr& b) -> bool { return Later(a.object, b.object), a.attr == b.attr; }
  auto Node(const HasAttr& a, const HasAttr& b) -> bool { return Later(a.object, b.object), a.path == b.path; }
  auto Node(const Like& a, const Like& b) -> bool;
  auto Node(const Is& a, const Is& b) -> bool { return Later(a.object, b.object), Later(a.in, b.in), a.type == b.type; }
  auto Node(const SetLit& a, const SetLit& b) -> bool { return Later(a.elements, b.elements); }
  auto Node(const RecordLit& a, const RecordLit& b) -> bool;
  auto Node(const Call& a, const Call& b) -> bool { return a.builtin == b.builtin && Later(a.args, b.args); }
  auto Node(const UnknownCall& a, const UnknownCall& b) -> bool { return a.function == b.function && Later(a.args, b.args); }
  auto Node(const Quantifier& a, const Quantifier& b) -> bool {
    return Later(a.set, b.set), Later(a.body, b.body), a.kind == b.kind && a.variable == b.variable;
  }
  auto Node(const StateRead& a, const StateRead& b) -> bool { return a.state == b.state && a.name == b.name && a.field == b.field; }
  auto Node(const StateHas& a, const StateHas& b) -> bool { return a.state == b.state && a.name == b.name; }

  // ---- statements ----
  auto SameStatement(const Statement& a, const Statement& b) -> bool;
  auto SameScope(const Scope& a, const Scope& b) -> bool;
  auto SameConditions(const std::vector<Condition>& a, const std::vector<Condition>& b) -> bool;
  auto SameExprs(const std::vector<ExprId>& a, const std::vector<ExprId>& b) -> bool;
  auto SameApproval(const Approval& a, const Approval& b) -> bool;
  auto SameConsequence(const Consequence& a, const Consequence& b) -> bool;
  auto SameOblige(const Oblige& a, const Oblige& b) -> bool { return SameExpr(a.record, b.record); }
  auto SameHold(const Hold& a, const Hold& b) -> bool { return SameExpr(a.duration, b.duration) && a.unsettled == b.unsettled; }

  auto Body(const Policy& a, const Policy& b) -> bool;
  auto Body(const Escalate& a, const Escalate& b) -> bool;
  auto Body(const Restrict& a, const Restrict& b) -> bool;
  auto Body(const Budget& a, const Budget& b) -> bool;
  auto Body(const Breaker& a, const Breaker& b) -> bool;
  auto Body(const Assert& a, const Assert& b) -> bool;
  auto Body(const Test& a, const Test& b) -> bool;

  auto Step(const TestEntity& a, const TestEntity& b) -> bool {
    return a.uid == b.uid && a.parents == b.parents && SameExpr(a.attrs, b.attrs) && SameExpr(a.tags, b.tags);
  }
  auto Step(const TestRequest& a, const TestRequest& b) -> bool {
    return a.principal == b.principal && a.action == b.action && a.resource == b.resource && SameExpr(a.context, b.context) &&
           a.delegation == b.delegation;
  }
  auto Step(const TestExpect& a, const TestExpect& b) -> bool { return a.outcome == b.outcome && a.by == b.by; }
  auto Step(const TestExpectBudget& a, const TestExpectBudget& b) -> bool {
    return a.budget == b.budget && a.field == b.field && SameExpr(a.value, b.value);
  }
  auto Step(const TestApprove& a, const TestApprove& b) -> bool {
    return a.approver == b.approver && a.parents == b.parents && a.acting_for == b.acting_for && a.is_denial == b.is_denial;
  }
  auto Step(const TestSettle& a, const TestSettle& b) -> bool { return a.settlement == b.settlement && SameExpr(a.actual, b.actual); }
  auto Step(const TestAdvance& a, const TestAdvance& b) -> bool { return SameExpr(a.duration, b.duration); }
  auto Step(const TestQuarantine& a, const TestQuarantine& b) -> bool { return a.uid == b.uid && a.is_release == b.is_release; }

  template <typename T, typename Same>
  static auto SameOptional(const std::optional<T>& a, const std::optional<T>& b, Same same) -> bool {
    return a.has_value() == b.has_value() && (!a || same(*a, *b));
  }

  const Ast& a_;
  const Ast& b_;
  std::vector<std::pair<ExprId, ExprId>> pending_;
};

auto Comparison::SameExpr(ExprId a, ExprId b) -> bool {
  pending_.assign(1, {a, b});
  while (!pending_.empty()) {
    const auto [left, right] = pending_.back();
    pending_.pop_back();
    if (left.has_value() != right.has_value()) return false;
    if (left.has_value() && !SameNode(a_.expr(left).node, b_.expr(right).node)) return false;
  }
  return true;
}

auto Comparison::SameNode(const ExprNode& a, const ExprNode& b) -> bool {
  if (a.index() != b.index()) return false;
  return std::visit([&]<typename T>(const T& node) { return Node(node, std::get<T>(b)); }, a);
}

auto Comparison::Later(const std::vector<ExprId>& a, const std::vector<ExprId>& b) -> bool {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) Later(a[i], b[i]);
  return true;
}

auto Comparison::Node(const Like& a, const Like& b) -> bool {
  if (a.pattern.size() != b.pattern.size()) return false;
  for (size_t i = 0; i < a.pattern.size(); ++i) {
    const auto& left = a.pattern[i];
    const auto& right = b.pattern[i];
    if (left.wildcard != right.wildcard || (!left.wildcard && left.literal != right.literal)) return false;
  }
  Later(a.text, b.text);
  return true;
}

auto Comparison::Node(const RecordLit& a, const RecordLit& b) -> bool {
  if (a.entries.size() != b.entries.size()) return false;
  for (size_t i = 0; i < a.entries.size(); ++i) {
    if (a.entries[i].key != b.entries[i].key) return false;
    Later(a.entries[i].value, b.entries[i].value);
  }
  return true;
}

auto Comparison::SameExprs(const std::vector<ExprId>& a, const std::vector<ExprId>& b) -> bool {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (!SameExpr(a[i], b[i])) return false;
  }
  return true;
}

auto Comparison::SameScope(const Scope& a, const Scope& b) -> bool {
  return SameConstraint(a.principal, b.principal) && SameConstraint(a.action, b.action) && SameConstraint(a.resource, b.resource);
}

auto Comparison::SameConditions(const std::vector<Condition>& a, const std::vector<Condition>& b) -> bool {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i].kind != b[i].kind || !SameExpr(a[i].body, b[i].body)) return false;
  }
  return true;
}

auto Comparison::SameApproval(const Approval& a, const Approval& b) -> bool {
  return SameExpr(a.by, b.by) && SameExpr(a.quorum, b.quorum) && SameExpr(a.expires, b.expires) && SameExpr(a.uses, b.uses) &&
         SameExpr(a.scope, b.scope);
}

auto Comparison::SameConsequence(const Consequence& a, const Consequence& b) -> bool {
  const auto approval = [&](const Approval& x, const Approval& y) { return SameApproval(x, y); };
  return a.kind == b.kind && a.level == b.level && SameOptional(a.approval, b.approval, approval);
}

auto Comparison::Body(const Policy& a, const Policy& b) -> bool {
  const auto oblige = [&](const Oblige& x, const Oblige& y) { return SameOblige(x, y); };
  return a.effect == b.effect && SameScope(a.scope, b.scope) && SameConditions(a.conditions, b.conditions) &&
         SameOptional(a.oblige, b.oblige, oblige);
}

auto Comparison::Body(const Escalate& a, const Escalate& b) -> bool {
  const auto oblige = [&](const Oblige& x, const Oblige& y) { return SameOblige(x, y); };
  return SameScope(a.scope, b.scope) && SameConditions(a.conditions, b.conditions) && SameApproval(a.approval, b.approval) &&
         SameOptional(a.oblige, b.oblige, oblige);
}

auto Comparison::Body(const Restrict& a, const Restrict& b) -> bool {
  const auto oblige = [&](const Oblige& x, const Oblige& y) { return SameOblige(x, y); };
  return a.level == b.level && SameScope(a.scope, b.scope) && SameConditions(a.conditions, b.conditions) &&
         SameOptional(a.oblige, b.oblige, oblige);
}

auto Comparison::Body(const Budget& a, const Budget& b) -> bool {
  const auto hold = [&](const Hold& x, const Hold& y) { return SameHold(x, y); };
  const auto consequence = [&](const Consequence& x, const Consequence& y) { return SameConsequence(x, y); };
  return a.name == b.name && SameScope(a.scope, b.scope) && SameConditions(a.conditions, b.conditions) && SameExpr(a.charge, b.charge) &&
         SameExprs(a.per, b.per) && SameExpr(a.limit, b.limit) && a.window.kind == b.window.kind &&
         a.window.time_zone == b.window.time_zone && SameExpr(a.window.duration, b.window.duration) && SameOptional(a.hold, b.hold, hold) &&
         SameOptional(a.exceeded, b.exceeded, consequence);
}

auto Comparison::Body(const Breaker& a, const Breaker& b) -> bool {
  const auto consequence = [&](const Consequence& x, const Consequence& y) { return SameConsequence(x, y); };
  return a.name == b.name && SameScope(a.scope, b.scope) && SameConditions(a.conditions, b.conditions) && SameExprs(a.per, b.per) &&
         SameExpr(a.trip, b.trip) && SameExpr(a.within, b.within) && SameExpr(a.cooldown, b.cooldown) && SameExpr(a.probe, b.probe) &&
         SameOptional(a.open, b.open, consequence);
}

auto Comparison::Body(const Assert& a, const Assert& b) -> bool {
  return a.mode == b.mode && a.outcomes == b.outcomes && SameScope(a.scope, b.scope) && SameConditions(a.conditions, b.conditions);
}

auto Comparison::Body(const Test& a, const Test& b) -> bool {
  if (a.title != b.title || a.steps.size() != b.steps.size()) return false;
  for (size_t i = 0; i < a.steps.size(); ++i) {
    const auto& right = b.steps[i].step;
    if (a.steps[i].step.index() != right.index()) return false;
    if (!std::visit([&]<typename T>(const T& left) { return Step(left, std::get<T>(right)); }, a.steps[i].step)) return false;
  }
  return true;
}

auto Comparison::SameStatement(const Statement& a, const Statement& b) -> bool {
  if (a.annotations.size() != b.annotations.size()) return false;
  for (size_t i = 0; i < a.annotations.size(); ++i) {
    if (a.annotations[i].key != b.annotations[i].key || a.annotations[i].value != b.annotations[i].value) return false;
  }
  return SameBody(a, b);
}

auto Comparison::SameBody(const Statement& a, const Statement& b) -> bool {
  if (a.body.index() != b.body.index()) return false;
  return std::visit([&]<typename T>(const T& left) { return Body(left, std::get<T>(b.body)); }, a.body);
}

auto Comparison::Same() -> bool {
  if (a_.statements.size() != b_.statements.size()) return false;
  for (size_t i = 0; i < a_.statements.size(); ++i) {
    if (!SameStatement(a_.statements[i], b_.statements[i])) return false;
  }
  return true;
}

auto SameLink(const Link& a, const Link& b) -> bool {
  return a.template_id == b.template_id && a.new_id == b.new_id && a.principal == b.principal && a.resource == b.resource;
}

}  // namespace

auto SameConstraint(const ScopeConstraint& a, const ScopeConstraint& b) -> bool {
  return a.op == b.op && a.type == b.type && a.slot == b.slot && a.entities == b.entities && a.is_list == b.is_list;
}

auto SameExpr(const Ast& ast, ExprId a, ExprId b) -> bool { return Comparison{ast, ast}.SameExpr(a, b); }

auto SameCondition(const Ast& ast, const Condition& a, const Condition& b) -> bool {
  return a.kind == b.kind && SameExpr(ast, a.body, b.body);
}

auto SameBody(const Ast& ast, const Statement& a, const Statement& b) -> bool { return Comparison{ast, ast}.SameBody(a, b); }

auto SameMeaning(const Ast& a, const Ast& b) -> bool {
  return Comparison{a, b}.Same() && a.explicit_ids == b.explicit_ids && std::ranges::equal(a.links, b.links, SameLink);
}

}  // namespace remit::ast
