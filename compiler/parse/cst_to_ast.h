// ANTLR's tree to ours: what Cedar's grammar lets through and its language does not is refused here, and every error says what to
// write instead.
#pragma once

#include <optional>

#include "compiler/parse/conversion.h"

namespace remit::parse {

// None if something was wrong; then expressions added on the way are taken back.
auto ConvertStatement(Conversion& c, Grammar::StatementContext* tree) -> std::optional<ast::Statement>;

// The statements that have a file of their own. They fill nothing in if something was wrong.
auto ConvertBudget(Conversion& c, Grammar::BudgetContext* tree) -> std::optional<ast::Budget>;
auto ConvertBreaker(Conversion& c, Grammar::BreakerContext* tree) -> std::optional<ast::Breaker>;
auto ConvertTest(Conversion& c, Grammar::TestContext* tree) -> std::optional<ast::Test>;

}  // namespace remit::parse
