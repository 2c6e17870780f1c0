#include "compiler/check/environment_classes.h"

#include <map>
#include <tuple>

namespace remit::check {
namespace {

auto Bit(ast::Var var) -> Variables { return static_cast<Variables>(1U << static_cast<unsigned>(var)); }

auto VariablesIn(const ast::ExprNode& node) -> Variables {
  if (const auto* variable = std::get_if<ast::VarRef>(&node)) return Bit(variable->var);
  // Which of a budget's figures may be read depends on where the budget applies.
  const bool reads_state = std::holds_alternative<ast::StateRead>(node) || std::holds_alternative<ast::StateHas>(node);
  return reads_state ? kAllVariables : Variables{0};
}

}  // namespace

auto VariablesOf(const ast::Ast& ast, const std::vector<ast::ExprId>& exprs) -> Variables {
  Variables all = 0;
  for (const auto id : exprs) all |= VariablesIn(ast.expr(id).node);
  return all;
}

auto EnvironmentClasses::By(Variables variables) -> const Partition& {
  auto& partition = partitions_[variables];
  if (partition) return *partition;
  partition = {.class_of = {}, .count = 0};
  const auto mentions = [&](ast::Var var) { return (variables & Bit(var)) != 0; };
  std::map<std::tuple<TypeRef, const ActionDecl*, TypeRef, TypeRef>, uint32_t> numbers;
  for (const auto& environment : environments_) {
    const auto key = std::tuple(mentions(ast::Var::Principal) ? environment.principal_type : TypeRef{},
                                mentions(ast::Var::Action) ? environment.action : nullptr,
                                mentions(ast::Var::Resource) ? environment.resource_type : TypeRef{},
                                mentions(ast::Var::Context) ? environment.context_type : TypeRef{});
    partition->class_of.push_back(numbers.try_emplace(key, static_cast<uint32_t>(numbers.size())).first->second);
  }
  partition->count = static_cast<uint32_t>(numbers.size());
  return *partition;
}

}  // namespace remit::check
