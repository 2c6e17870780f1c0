// `test` statements: what they build must be what the schema allows, and what they expect must exist.
#pragma once

#include <string>
#include <unordered_set>

#include "compiler/check/expr_checker.h"

namespace remit::check {

// `ids` are those of all statements. False after reporting a mistake.
auto CheckTest(const ast::Test& test, const std::unordered_set<std::string>& ids, CheckContext& context, ExprTypes& types) -> bool;

}  // namespace remit::check
