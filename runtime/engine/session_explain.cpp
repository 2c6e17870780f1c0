// What a session says about its last decision when somebody wants to know more.
//
// All rows are gone through and not only those that plans and indexes led to: what nearly matched is what people look for. That is slow and bounded.
#include <algorithm>

#include "runtime/engine/session.h"

namespace remit {
namespace {

constexpr size_t kMostRows = 100'000;  // that are looked at
constexpr size_t kMostInScope = 64;
constexpr size_t kMostNear = 16;

auto PartsThatMatch(const eval::ScopeMatch& match) -> int {
  return static_cast<int>(match.principal) + static_cast<int>(match.action) + static_cast<int>(match.resource);
}

}  // namespace

auto PolicyExplanation::is_satisfied() const -> bool {
  return is_in_scope() && std::ranges::all_of(conditions, [](const ConditionAnswer& condition) { return condition.holds; });
}

auto Session::Explain() -> Explanation {
  Explanation explanation;
  if (snapshot_ == nullptr || request_ == nullptr) return explanation;
  const auto& rows = program().policies;
  EvalInput input = Input();
  if (with_statements_) input.state = {};  // was of the decision alone
  std::vector<PolicyExplanation> near;
  explanation.is_complete = rows.size() <= kMostRows;
  for (uint32_t row = 0; row < std::min(rows.size(), kMostRows); ++row) {
    const auto match = eval::MatchScope(rows[row], *request_, *store_);
    const int parts = PartsThatMatch(match);
    if (parts < 2) continue;
    auto& list = parts == 3 ? explanation.policies : near;
    if (list.size() == (parts == 3 ? kMostInScope : kMostNear)) {
      explanation.is_complete = false;
      continue;
    }
    list.push_back({.policy = row, .scope = match, .conditions = {}});
    if (parts == 3) list.back().conditions = EvaluateConditions(program(), rows[row].body, input);
  }
  std::ranges::move(near, std::back_inserter(explanation.policies));
  return explanation;
}

}  // namespace remit
