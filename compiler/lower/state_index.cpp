#include "compiler/lower/state_index.h"

#include <algorithm>

#include "compiler/ast/spelling.h"
#include "compiler/check/walk.h"

namespace remit {
namespace {

struct Named {
  ast::StateKind kind;
  SymbolId name;
  Span span;
};

auto NameOf(const ast::Statement& statement) -> std::optional<Named> {
  if (const auto* budget = std::get_if<ast::Budget>(&statement.body)) {
    return Named{.kind = ast::StateKind::Budget, .name = budget->name, .span = budget->name_span};
  }
  if (const auto* breaker = std::get_if<ast::Breaker>(&statement.body)) {
    return Named{.kind = ast::StateKind::Breaker, .name = breaker->name, .span = breaker->name_span};
  }
  return std::nullopt;
}

}  // namespace

StateIndex::StateIndex(const ast::Ast& ast, const Interner& interner, DiagnosticSink& sink) {
  std::vector<uint32_t> statements;
  for (uint32_t i = 0; i < ast.statements.size(); ++i) {
    const auto named = NameOf(ast.statements[i]);
    if (!named) continue;
    statements.push_back(i);
    auto& table = named->kind == ast::StateKind::Budget ? budgets_ : breakers_;
    const auto index = static_cast<uint32_t>(table.size());
    if (table.try_emplace(named->name, Decl{.index = index, .statement = i}).second) continue;
    sink.Report(DiagnosticCode::RepeatedState, named->span, ast::StateKeyword(named->kind), interner.text(named->name));
  }
  for (const uint32_t statement : statements) Rank(ast, statement, interner, sink);
}

auto StateIndex::Find(ast::StateKind kind, SymbolId name) const -> std::optional<uint32_t> {
  const auto it = table(kind).find(name);
  return it == table(kind).end() ? std::nullopt : std::optional(it->second.index);
}

auto StateIndex::Names(ast::StateKind kind, const Interner& interner) const -> std::vector<std::string_view> {
  std::vector<std::string_view> names;
  for (const auto& [name, decl] : table(kind)) names.push_back(interner.text(name));
  std::ranges::sort(names);
  return names;
}

auto StateIndex::ReadsOf(const ast::Ast& ast, uint32_t statement) const -> std::vector<uint32_t> {
  std::vector<uint32_t> reads;
  const auto add = [&](ast::StateKind kind, SymbolId name) {
    if (const auto it = table(kind).find(name); it != table(kind).end()) reads.push_back(it->second.statement);
  };
  check::VisitExprs(ast, check::RootsOf(ast.statements[statement]), [&](ast::ExprId, const ast::Expr& expr) {
    if (const auto* read = std::get_if<ast::StateRead>(&expr.node)) add(read->state, read->name);
    if (const auto* has = std::get_if<ast::StateHas>(&expr.node)) add(has->state, has->name);
  });
  return reads;
}

// Depth first, with a stack of its own: a chain of budgets may be as long as the file.
void StateIndex::Rank(const ast::Ast& ast, uint32_t start, const Interner& interner, DiagnosticSink& sink) {
  struct Step {
    uint32_t statement;
    std::vector<uint32_t> reads;
    size_t next = 0;
    uint32_t rank = 0;
  };
  if (ranks_.contains(start)) return;
  std::vector<Step> path = {{.statement = start, .reads = ReadsOf(ast, start)}};
  is_open_[start] = true;
  while (!path.empty()) {
    Step& top = path.back();
    if (top.next == top.reads.size()) {
      ranks_[top.statement] = top.rank;
      is_open_[top.statement] = false;
      path.pop_back();
      continue;
    }
    const uint32_t read = top.reads[top.next];
    if (const auto it = ranks_.find(read); it != ranks_.end()) {
      top.rank = std::max(top.rank, it->second + 1);
      ++top.next;
    } else if (is_open_[read]) {
      const auto named = NameOf(ast.statements[read]);
      sink.Report(DiagnosticCode::StateCycle, named->span, interner.text(named->name));
      ++top.next;
    } else {
      is_open_[read] = true;
      path.push_back({.statement = read, .reads = ReadsOf(ast, read)});
    }
  }
}

}  // namespace remit
