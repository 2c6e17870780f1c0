// Clauses that several statements share.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "compiler/parse/conversion.h"

namespace remit::parse {

// `{ expr }` of a clause; an empty one is reported under the clause's keyword.
auto ToBlock(Conversion& c, Rule* clause, Grammar::BlockContext* block) -> ast::ExprId;

auto ToConditions(Conversion& c, const std::vector<Grammar::ConditionContext*>& conditions) -> std::optional<std::vector<ast::Condition>>;
auto ToOblige(Conversion& c, Grammar::ObligeContext* oblige) -> std::optional<ast::Oblige>;
auto ToApproval(Conversion& c, Grammar::ApprovalContext* approval) -> std::optional<ast::Approval>;
auto ToOutcome(Grammar::OutcomeContext* outcome) -> Outcome;
// An outcome that `to` may name: one below `approve`.
auto ToLevel(Conversion& c, Grammar::OutcomeContext* outcome) -> std::optional<Outcome>;
auto ToConsequence(Conversion& c, Rule* clause, Grammar::ConsequenceContext* consequence) -> std::optional<ast::Consequence>;

// Reports each clause but `when` and `unless` that stands twice among the children of `statement`.
auto ClausesDiffer(Conversion& c, const Rule* statement) -> bool;
// Reports that `statement` needs a clause, if `clause` is null.
auto RequireClause(Conversion& c, const Rule* statement, const Rule* clause, std::string_view example) -> bool;

// Absent: fine and nothing. Present and wrong: reported, `good` becomes false.
template <typename Clause, typename Convert>
auto IfPresent(Clause* clause, bool& good, Convert convert) -> decltype(convert(clause)) {
  if (clause == nullptr) return {};
  auto result = convert(clause);
  if (!result.has_value()) good = false;
  return result;
}

}  // namespace remit::parse
