#include "compiler/check/state_table.h"

#include <algorithm>

namespace remit::check {

StateTable::StateTable(const ast::Ast& ast) {
  for (uint32_t i = 0; i < ast.statements.size(); ++i) {
    const auto add = [&](auto& table, ast::StateKind kind, const auto& decl) {
      const StateDecl row{.kind = kind, .statement = i, .scope = &decl.scope, .is_conditional = !decl.conditions.empty()};
      if (!table.try_emplace(decl.name, row).second) repeated_.push_back(i);
    };
    if (const auto* budget = std::get_if<ast::Budget>(&ast.statements[i].body)) add(budgets_, ast::StateKind::Budget, *budget);
    if (const auto* breaker = std::get_if<ast::Breaker>(&ast.statements[i].body)) add(breakers_, ast::StateKind::Breaker, *breaker);
  }
}

auto StateTable::Find(ast::StateKind kind, SymbolId name) const -> const StateDecl* {
  const auto& table = kind == ast::StateKind::Budget ? budgets_ : breakers_;
  const auto it = table.find(name);
  return it == table.end() ? nullptr : &it->second;
}

auto StateTable::Names(ast::StateKind kind, const Interner& interner) const -> std::vector<std::string_view> {
  std::vector<std::string_view> names;
  for (const auto& [name, decl] : kind == ast::StateKind::Budget ? budgets_ : breakers_) names.push_back(interner.text(name));
  std::ranges::sort(names);  // in an order that does not depend on what was read before
  return names;
}

}  // namespace remit::check
