// The budgets and breakers of a policy set: their numbers in the program, and in which order they are found out.
//
// Checking against a schema refuses unknown, repeated and circular ones, too; but programs are also made without a schema, and nothing may run that
// reads what is not there or waits for itself.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/source/diagnostic.h"

namespace remit {

class StateIndex {
 public:
  // Reported: names used twice, circles.
  StateIndex(const ast::Ast& ast, const Interner& interner, DiagnosticSink& sink);

  // The position among the program's budgets or breakers; none: nothing has this name.
  auto Find(ast::StateKind kind, SymbolId name) const -> std::optional<uint32_t>;
  auto Names(ast::StateKind kind, const Interner& interner) const -> std::vector<std::string_view>;
  // Of a budget's or breaker's statement: above the ranks of all that it reads.
  auto RankOf(uint32_t statement) const -> uint32_t { return ranks_.at(statement); }

 private:
  struct Decl {
    uint32_t index;
    uint32_t statement;
  };
  using Table = std::unordered_map<SymbolId, Decl>;

  auto table(ast::StateKind kind) const -> const Table& { return kind == ast::StateKind::Budget ? budgets_ : breakers_; }
  auto ReadsOf(const ast::Ast& ast, uint32_t statement) const -> std::vector<uint32_t>;
  void Rank(const ast::Ast& ast, uint32_t start, const Interner& interner, DiagnosticSink& sink);

  Table budgets_, breakers_;
  std::unordered_map<uint32_t, uint32_t> ranks_;  // by statement
  std::unordered_map<uint32_t, bool> is_open_;  // by statement: being ranked
};

}  // namespace remit
