// Policies with one mistake each, as somebody might make it.
//
// A mutant is a change of the syntax tree in place, undone after use: nothing is parsed again, and a statement keeps its position, its id and its
// place. Changing the text was the alternative; it moves every place behind the change.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/ast/ast.h"

namespace remit::mutation {

enum class Mutation : uint8_t {
#define MUTATION(id, code, text) id,
#include "compiler/mutation/mutations.def"
#undef MUTATION
};

auto MutationCode(Mutation mutation) -> std::string_view;
auto MutationText(Mutation mutation) -> std::string_view;

struct Mutant {
  Mutation mutation;
  uint32_t statement;
  Span span;  // what is changed
  std::string after;  // text in its place
  bool widens = false;  // it may hold for requests that the statement's scope does not match
  // Exactly one of both: an expression, or the statement, that takes the place of what is there.
  ast::ExprId expr = {};
  ast::Expr new_expr = {};
  ast::Statement new_statement = {};
};

// Of every statement that decides something and has a place in a text, in order. Appends to the tree what mutants refer to: a second call on a tree
// that was read from the same texts finds the same mutants.
auto FindMutants(ast::Ast& ast, Interner& interner, const SourceManager& sources) -> std::vector<Mutant>;

// In place for as long as this lives.
class Applied {
 public:
  Applied(ast::Ast& ast, const Mutant& mutant);
  ~Applied();
  Applied(const Applied&) = delete;
  auto operator=(const Applied&) -> Applied& = delete;

 private:
  ast::Ast& ast_;
  const Mutant& mutant_;
  ast::Expr old_expr_ = {};
  ast::Statement old_statement_ = {};
};

}  // namespace remit::mutation
