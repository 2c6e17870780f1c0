#include "compiler/check/cycles.h"

#include <algorithm>
#include <unordered_map>

#include "compiler/check/walk.h"

namespace remit::check {
namespace {

using Edges = std::unordered_map<uint32_t, std::vector<uint32_t>>;

auto ReadsOf(const ast::Ast& ast, const StateTable& states) -> Edges {
  Edges edges;
  for (uint32_t i = 0; i < ast.statements.size(); ++i) {
    const auto& body = ast.statements[i].body;
    if (!std::holds_alternative<ast::Budget>(body) && !std::holds_alternative<ast::Breaker>(body)) continue;
    auto& reads = edges[i];
    const auto add = [&](ast::StateKind kind, SymbolId name) {
      const auto* decl = states.Find(kind, name);
      if (decl != nullptr && decl->statement != i) reads.push_back(decl->statement);
    };
    VisitExprs(ast, RootsOf(ast.statements[i]), [&](ast::ExprId, const ast::Expr& expr) {
      if (const auto* read = std::get_if<ast::StateRead>(&expr.node)) add(read->state, read->name);
      if (const auto* has = std::get_if<ast::StateHas>(&expr.node)) add(has->state, has->name);
    });
  }
  return edges;
}

enum class Mark : uint8_t { New, Open, Done };

}  // namespace

// Depth first with a stack of its own: a chain of budgets may be as long as the file.
auto FindStateCycles(const ast::Ast& ast, const StateTable& states) -> std::vector<std::vector<uint32_t>> {
  const Edges edges = ReadsOf(ast, states);
  std::vector<Mark> marks(ast.statements.size(), Mark::New);
  std::vector<std::vector<uint32_t>> cycles;
  struct Frame {
    uint32_t statement;
    size_t next = 0;
  };
  for (uint32_t start = 0; start < ast.statements.size(); ++start) {
    if (!edges.contains(start) || marks[start] != Mark::New) continue;
    std::vector<Frame> path = {{.statement = start}};
    marks[start] = Mark::Open;
    while (!path.empty()) {
      Frame& top = path.back();
      const auto& reads = edges.at(top.statement);
      if (top.next == reads.size()) {
        marks[top.statement] = Mark::Done;
        path.pop_back();
        continue;
      }
      const uint32_t read = reads[top.next++];
      if (marks[read] == Mark::New) {
        marks[read] = Mark::Open;
        path.push_back({.statement = read});
      } else if (marks[read] == Mark::Open) {
        const auto first = std::ranges::find(path, read, &Frame::statement);
        auto& cycle = cycles.emplace_back();
        for (auto it = first; it != path.end(); ++it) cycle.push_back(it->statement);
      }
    }
  }
  return cycles;
}

namespace {

auto NameSpan(const ast::Statement& statement) -> Span {
  if (const auto* budget = std::get_if<ast::Budget>(&statement.body)) return budget->name_span;
  if (const auto* breaker = std::get_if<ast::Breaker>(&statement.body)) return breaker->name_span;
  return statement.span;
}

auto NameText(const ast::Statement& statement, const Interner& interner) -> std::string_view {
  if (const auto* budget = std::get_if<ast::Budget>(&statement.body)) return interner.text(budget->name);
  return interner.text(std::get<ast::Breaker>(statement.body).name);
}

}  // namespace

auto ReportStateMistakes(const ast::Ast& ast, const StateTable& states, const Interner& interner, DiagnosticSink& sink) -> bool {
  const auto name = [&](uint32_t i) { return NameText(ast.statements[i], interner); };
  for (const uint32_t i : states.repeated()) {
    const auto& statement = ast.statements[i];
    sink.Report(DiagnosticCode::RepeatedState, NameSpan(statement), StatementKeyword(statement), name(i));
  }
  const auto cycles = FindStateCycles(ast, states);
  for (const auto& cycle : cycles) {
    auto& diagnostic = sink.Report(DiagnosticCode::StateCycle, NameSpan(ast.statements[cycle[0]]), name(cycle[0]));
    std::string path;
    for (const uint32_t i : cycle) path += fmt::format("`{}` reads ", name(i));
    diagnostic.help = fmt::format("{}`{}`", path, name(cycle[0]));
  }
  return states.repeated().empty() && cycles.empty();
}

}  // namespace remit::check
