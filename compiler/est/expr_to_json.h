// Expressions of the syntax tree as Cedar's JSON.
//
// Chains to the left are wrapped from the innermost outwards in a loop. What Cedar has no JSON for, what would nest deeper than
// programs that read JSON bear, and what would grow out of proportion (`has` paths are spelt out, each step repeating the object) is
// reported instead of written.
#pragma once

#include <optional>

#include "compiler/ast/ast.h"
#include "compiler/est/strict_json.h"

namespace remit {

auto EntityToJson(EntityUid uid, const Interner& interner) -> Json;

class ExprToJson {
 public:
  ExprToJson(const ast::Ast& ast, const Interner& interner, DiagnosticSink& sink) : ast_(ast), interner_(interner), sink_(sink) {}

  // Null if something was reported.
  auto Convert(ast::ExprId id) -> Json;

 private:
  struct Part {
    Json json;
    size_t depth = 0;  // objects and arrays inside one another
    size_t nodes = 1;
  };
  using MaybePart = std::optional<Part>;

  auto ConvertPart(ast::ExprId id) -> MaybePart;
  auto Opening(const ast::Expr& expr) -> MaybePart;
  auto AfterFirst(const ast::Expr& expr, Part first) -> MaybePart;
  auto HasPath(const ast::Expr& expr, const ast::HasAttr& has, Part object) -> MaybePart;
  auto Pattern(const ast::Like& like) -> Json;
  auto Conditional(const ast::If& branch) -> MaybePart;
  auto Set(const ast::SetLit& set) -> MaybePart;
  auto Record(const ast::RecordLit& record) -> MaybePart;
  auto CallOf(const ast::Call& call, MaybePart receiver) -> MaybePart;
  auto UnknownCallOf(const ast::Expr& expr, const ast::UnknownCall& call) -> MaybePart;
  auto Refuse(const ast::Expr& expr, std::string_view what) -> MaybePart;
  auto CheckSize(const ast::Expr& expr, MaybePart part) -> MaybePart;

  auto Name(SymbolId id) const -> std::string { return std::string{interner_.text(id)}; }

  const ast::Ast& ast_;
  const Interner& interner_;
  DiagnosticSink& sink_;
  size_t repeated_ = 0;  // nodes written more than once
};

}  // namespace remit
