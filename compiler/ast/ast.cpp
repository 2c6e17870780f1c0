#include "compiler/ast/ast.h"

#include <fmt/format.h>

#include <array>

namespace remit::ast {
namespace {

template <typename... Ts>
struct Overloaded : Ts... {
  using Ts::operator()...;
};

struct LeftOf {
  auto operator()(const Binary& node) const -> ExprId { return node.left; }
  auto operator()(const Unary& node) const -> ExprId { return IsMethod(node.op) ? node.operand : ExprId{}; }
  auto operator()(const GetAttr& node) const -> ExprId { return node.object; }
  auto operator()(const HasAttr& node) const -> ExprId { return node.object; }
  auto operator()(const Like& node) const -> ExprId { return node.text; }
  auto operator()(const Is& node) const -> ExprId { return node.object; }
  auto operator()(const Quantifier& node) const -> ExprId { return node.set; }
  auto operator()(const Call& node) const -> ExprId {
    const bool is_method = GetBuiltin(node.builtin).style == CallStyle::Method;
    return is_method && !node.args.empty() ? node.args[0] : ExprId{};
  }
  // The rest grow to the right or not at all.
  template <typename Leaf>
  auto operator()(const Leaf& /*node*/) const -> ExprId {
    return {};
  }
};

auto HasSlot(const ScopeConstraint& constraint) -> bool { return constraint.slot.has_value(); }

// What an id is counted by, or the name that is the id.
struct IdStem {
  std::string stem;
  bool counted;
};

auto StemOf(const Statement& statement, const Interner& interner) -> IdStem {
  return std::visit(Overloaded{
                        [](const Policy&) { return IdStem{"policy", true}; },
                        [](const Escalate&) { return IdStem{"escalate", true}; },
                        [](const Restrict&) { return IdStem{"restrict", true}; },
                        [](const Assert&) { return IdStem{"assert", true}; },
                        [&](const Budget& budget) { return IdStem{std::string{interner.text(budget.name)}, false}; },
                        [&](const Breaker& breaker) { return IdStem{std::string{interner.text(breaker.name)}, false}; },
                        [&](const Test& test) { return IdStem{std::string{interner.text(test.title)}, false}; },
                    },
                    statement.body);
}

}  // namespace

auto LeftOperand(const Expr& expr) -> ExprId { return std::visit(LeftOf{}, expr.node); }

auto IsTemplate(const Policy& policy) -> bool { return HasSlot(policy.scope.principal) || HasSlot(policy.scope.resource); }

auto FindAnnotation(const Statement& statement, const Interner& interner, std::string_view key) -> const Annotation* {
  for (const auto& annotation : statement.annotations) {
    if (interner.text(annotation.key) == key) return &annotation;
  }
  return nullptr;
}

auto StatementKeyword(const Statement& statement) -> std::string_view {
  return std::visit(Overloaded{
                        [](const Policy& policy) -> std::string_view { return policy.effect == Effect::Permit ? "permit" : "forbid"; },
                        [](const Escalate&) -> std::string_view { return "escalate"; },
                        [](const Restrict&) -> std::string_view { return "restrict"; },
                        [](const Budget&) -> std::string_view { return "budget"; },
                        [](const Breaker&) -> std::string_view { return "breaker"; },
                        [](const Assert&) -> std::string_view { return "assert"; },
                        [](const Test&) -> std::string_view { return "test"; },
                    },
                    statement.body);
}

auto AssignIds(const Ast& ast, const Interner& interner, IdConvention convention) -> std::vector<std::string> {
  std::vector<std::string> ids;
  ids.reserve(ast.statements.size());
  std::array<uint32_t, std::variant_size_v<decltype(Statement::body)>> counts = {};
  for (size_t i = 0; i < ast.statements.size(); ++i) {
    const auto& statement = ast.statements[i];
    auto [stem, counted] = StemOf(statement, interner);
    // Every statement counts, named or not: adding an `@id` does not rename its neighbours.
    if (counted) stem += fmt::format("{}", counts[statement.body.index()]++);
    const auto* id = convention == IdConvention::Remit ? FindAnnotation(statement, interner, "id") : nullptr;
    if (i < ast.explicit_ids.size() && ast.explicit_ids[i].has_value()) {
      ids.emplace_back(interner.text(ast.explicit_ids[i]));
    } else if (id != nullptr && id->value) {
      ids.emplace_back(interner.text(*id->value));
    } else {
      ids.push_back(std::move(stem));
    }
  }
  return ids;
}

}  // namespace remit::ast
