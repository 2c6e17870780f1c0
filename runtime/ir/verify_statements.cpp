// A restriction belongs to a restrict, or to a forbid: then it is what the forbid caps at where it cannot be evaluated, which is deny.
//
// Engines look clauses up by row and believe what they find: each row of an effect has its clauses and no other row has, bodies of clauses return,
// and budgets and breakers read those of lower rank alone, so that a rank at a time none is read before it is known.
#include "runtime/ir/verify_statements.h"

#include <fmt/format.h>

#include <algorithm>

namespace remit::ir {
namespace {

using Problem = std::optional<std::string>;

class StatementsChecker {
 public:
  StatementsChecker(const Program& program, const std::vector<bool>& returns) : program_(program), returns_(returns) {}

  auto Check() const -> Problem {
    if (auto problem = CheckTables()) return problem;
    for (const auto& obligation : program_.obligations) {
      if (!IsValue(obligation.body)) return Of(obligation.policy, "an obligation's body returns no value");
    }
    for (const auto& escalation : program_.escalations) {
      if (!IsSound(escalation.approval)) return Of(escalation.policy, "an approval is not sound");
    }
    for (const auto& restriction : program_.restrictions) {
      if (restriction.level >= Outcome::Approve) return Of(restriction.policy, "a restriction goes to deny, observe or draft");
      const bool is_forbid = program_.policies[restriction.policy].effect == Effect::Forbid;
      if (is_forbid && restriction.level != Outcome::Deny) return Of(restriction.policy, "a forbid that fails denies or does nothing");
    }
    for (const auto& budget : program_.budgets) {
      if (auto problem = CheckBudget(budget)) return Of(budget.policy, *problem);
    }
    for (const auto& breaker : program_.breakers) {
      if (auto problem = CheckBreaker(breaker)) return Of(breaker.policy, *problem);
    }
    return CheckVariants();
  }

 private:
  static auto Of(uint32_t policy, std::string_view what) -> Problem { return fmt::format("policy {}: {}", policy, what); }
  auto IsValue(uint32_t body) const -> bool { return body < returns_.size() && returns_[body]; }

  // Ascending, on rows of the effect, or of one that may have them, and as many as there are such rows.
  template <typename Clauses>
  auto Fits(const std::vector<Clauses>& table, Effect effect, std::optional<Effect> optional = std::nullopt) const -> bool {
    const auto has = [&](const Clauses& clauses, std::optional<Effect> wanted) {
      return clauses.policy < program_.policies.size() && program_.policies[clauses.policy].effect == wanted;
    };
    const auto is_of = [&](const Clauses& clauses) { return has(clauses, effect); };
    const auto fits = [&](const Clauses& clauses) { return has(clauses, effect) || has(clauses, optional); };
    const auto rows = std::ranges::count(program_.policies, effect, &Policy::effect);
    return std::ranges::adjacent_find(table, std::ranges::greater_equal{}, &Clauses::policy) == table.end() &&
           std::ranges::all_of(table, fits) && rows == std::ranges::count_if(table, is_of);
  }

  auto CheckTables() const -> Problem {
    const bool fits = Fits(program_.escalations, Effect::Escalate) && Fits(program_.restrictions, Effect::Restrict, Effect::Forbid) &&
                      Fits(program_.budgets, Effect::Budget) && Fits(program_.breakers, Effect::Breaker);
    if (!fits) return "the clauses do not suit the rows";
    const auto obliges = [&](const Obligation& obligation) {
      if (obligation.policy >= program_.policies.size()) return false;
      const Effect effect = program_.policies[obligation.policy].effect;
      return effect == Effect::Permit || effect == Effect::Escalate || effect == Effect::Restrict;
    };
    const auto& obligations = program_.obligations;
    const bool ascends = std::ranges::adjacent_find(obligations, std::ranges::greater_equal{}, &Obligation::policy) == obligations.end();
    if (!ascends || !std::ranges::all_of(obligations, obliges)) return "the obligations do not suit the rows";
    return std::nullopt;
  }

  auto IsSound(const Approval& approval) const -> bool {
    return IsValue(approval.by) && approval.quorum >= 1 && approval.expires >= 1 && approval.uses >= 1;
  }
  auto IsSound(const Consequence& consequence) const -> bool {
    return consequence.level < Outcome::Approve || (consequence.level == Outcome::Approve && IsSound(consequence.approval));
  }

  auto CheckBudget(const Budget& budget) const -> Problem {
    if (!budget.name.has_value()) return "a budget has no name";
    std::vector<uint32_t> values = budget.per;
    values.push_back(budget.limit);
    if (budget.charge != kNoBody) values.push_back(budget.charge);
    const auto kind = budget.window.kind;
    const bool has_duration = kind == WindowKind::Sliding || kind == WindowKind::Refill;
    if (has_duration != (budget.window.duration > 0)) return "a sliding window and a refill have a duration, and only they have";
    const bool is_calendar = kind >= WindowKind::Hour && kind <= WindowKind::Month;
    if (budget.window.time_zone.has_value() && !is_calendar) return "only a calendar window has a time zone";
    if (budget.hold < 0 || !IsSound(budget.exceeded)) return "a budget's hold or consequence is not sound";
    return CheckClauses(values, budget.policy, budget.rank, budget.exceeded);
  }

  auto CheckBreaker(const Breaker& breaker) const -> Problem {
    if (!breaker.name.has_value()) return "a breaker has no name";
    if (breaker.within < 1 || breaker.cooldown < 0 || breaker.probe < 1 || !IsSound(breaker.open)) return "a breaker is not sound";
    std::vector<uint32_t> values = breaker.per;
    values.push_back(breaker.trip);
    // It is asked when an outcome is reported: there is no request then.
    const auto reads_more = [](const Instruction& i) {
      const auto& info = GetOp(i.op);
      return (i.op >= Op::Principal && i.op <= Op::Context) || info.uses('t') || info.uses('u');
    };
    if (IsValue(breaker.trip) && std::ranges::any_of(program_.bodies[breaker.trip].code, reads_more)) {
      return "a trip reads more than `calls` and `failures`";
    }
    return CheckClauses(values, breaker.policy, breaker.rank, breaker.open);
  }

  auto CheckClauses(std::vector<uint32_t> values, uint32_t policy, uint32_t rank, const Consequence& consequence) const -> Problem {
    if (!std::ranges::all_of(values, [&](uint32_t body) { return IsValue(body); })) return "a clause's body returns no value";
    if (consequence.level == Outcome::Approve) values.push_back(consequence.approval.by);
    values.push_back(program_.policies[policy].body);
    if (!std::ranges::all_of(values, [&](uint32_t body) { return ReadsBelow(body, rank); }))
      return "state of the same or a higher rank is read";
    return std::nullopt;
  }

  auto ReadsBelow(uint32_t body, uint32_t rank) const -> bool {
    return std::ranges::all_of(program_.bodies[body].code, [&](const Instruction& i) {
      const auto& info = GetOp(i.op);
      if (info.uses('t')) return program_.budgets[i.imm].rank < rank;
      return !info.uses('u') || program_.breakers[i.imm].rank < rank;
    });
  }

  // The bodies that environments have for them, too.
  auto CheckVariants() const -> Problem {
    for (const auto& group : program_.groups) {
      for (const auto& [policy, body] : group) {
        if (policy >= program_.policies.size() || body >= program_.bodies.size()) continue;  // for the check of the groups
        const auto* budget = FindClauses(program_.budgets, policy);
        const auto* breaker = FindClauses(program_.breakers, policy);
        if (budget == nullptr && breaker == nullptr) continue;
        if (!ReadsBelow(body, budget != nullptr ? budget->rank : breaker->rank))
          return Of(policy, "state of the same or a higher rank is read");
      }
    }
    return std::nullopt;
  }

  const Program& program_;
  const std::vector<bool>& returns_;
};

}  // namespace

auto CheckStatements(const Program& program, const std::vector<bool>& returns) -> std::optional<std::string> {
  if (!program.has_statements() &&
      std::ranges::all_of(program.policies, [](const Policy& policy) { return policy.effect <= Effect::Forbid; })) {
    return std::nullopt;
  }
  return StatementsChecker(program, returns).Check();
}

}  // namespace remit::ir
