// Values that policies compare with: what a request might have had instead.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "compiler/ast/ast.h"

namespace remit::explain {

using Json = nlohmann::ordered_json;

// `context.order.amount`: the variable and the attributes after it. An empty path is the variable itself, whose groups are meant.
struct Suggestion {
  ast::Var variable = ast::Var::Context;
  std::vector<std::string> path;
  Json value;              // of the attribute; with `is_member` of one element of it; for an empty path a group
  bool is_member = false;
  bool is_absent = false;  // the attribute is not there
};

auto Suggest(const ast::Ast& ast, const ast::Statement& statement, Interner& interner) -> std::vector<Suggestion>;

}  // namespace remit::explain
