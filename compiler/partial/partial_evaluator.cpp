#include "compiler/partial/partial_evaluator.h"

#include <algorithm>
#include <unordered_map>

#include "compiler/ast/fill_slots.h"
#include "compiler/partial/fold_scope.h"
#include "runtime/base/check.h"

namespace remit::partial {

PartialEvaluator::PartialEvaluator(const ast::Ast& ast, const std::vector<std::string>& ids, check::TypedPolicySet& typed,
                                   const KnownEntities& entities, Interner& interner, ForbidErrors forbid_errors)
    : ast_(ast), typed_(typed), entities_(entities), interner_(interner), forbid_errors_(forbid_errors) {
  std::unordered_map<SymbolId, uint32_t> templates;
  for (uint32_t i = 0; i < ast.statements.size(); ++i) {
    ids_.push_back(interner.Intern(ids[i]));
    const auto* policy = std::get_if<ast::Policy>(&ast.statements[i].body);
    if (policy == nullptr) {
      not_considered_.push_back(i);
    } else if (ast::IsTemplate(*policy)) {
      templates.emplace(ids_.back(), i);
    } else {
      policies_.push_back({.statement = i});
    }
  }
  for (uint32_t i = 0; i < ast.links.size(); ++i) {
    const auto it = templates.find(ast.links[i].template_id);
    if (it != templates.end()) policies_.push_back({.statement = it->second, .link = i});
  }
}

// One request.
class PartialEvaluator::Run {
 public:
  Run(PartialEvaluator& evaluator, const PartialRequest& request, PartialAnswer& answer)
      : evaluator_(evaluator),
        request_(request),
        environment_(FindEnvironment()),
        answer_(answer),
        ops_(evaluator.entities_.store(), evaluator.interner_, arena_),
        context_{.ast = evaluator.ast_,
                 .types = evaluator.typed_.types(),
                 .entities = evaluator.entities_,
                 .request = request,
                 .interner = evaluator.interner_,
                 .arena = arena_,
                 .ops = ops_,
                 .residuals = answer.exprs,
                 .errors = errors_} {}

  void Evaluate(const PolicyRef& policy) {
    const auto& body = std::get<ast::Policy>(evaluator_.ast_.statements[policy.statement].body);
    const auto* link = policy.link ? &evaluator_.ast_.links[*policy.link] : nullptr;
    Folded folded = FoldScope(link == nullptr ? body.scope : ast::FillSlots(body.scope, *link), context_, evaluator_.typed_.schema());
    if (!folded.IsBool(false)) folded = link != nullptr ? AndTemplate(folded, policy.statement) : FoldConditions(folded, policy.statement);
    Add(policy, link != nullptr ? link->new_id : evaluator_.ids_[policy.statement], body.effect, folded);
  }

 private:
  auto FindEnvironment() const -> uint32_t {
    const auto& environments = evaluator_.typed_.environments();
    const auto it = std::ranges::find_if(environments, [&](const check::Environment& each) {
      return each.action->uid == request_.action && each.principal == request_.principal.type && each.resource == request_.resource.type;
    });
    CHECK(it != environments.end(), "a partial request is validated before it is evaluated");
    return static_cast<uint32_t>(it - environments.begin());
  }

  auto FoldConditions(Folded folded, uint32_t statement) -> Folded {
    const auto& conditions = std::get<ast::Policy>(evaluator_.ast_.statements[statement].body).conditions;
    if (conditions.empty()) return folded;
    Folder folder(context_, TypesOf(statement));
    for (const auto& condition : conditions) {
      const bool is_when = condition.kind == ast::ConditionKind::When;
      folded = is_when ? folder.FoldConjunction(folded, condition.body) : folder.FoldNegated(folded, condition.body);
    }
    return folded;
  }

  // Links differ in their scopes alone: the conditions are folded once, and their residual is shared.
  auto AndTemplate(const Folded& scope, uint32_t statement) -> Folded {
    const auto [it, is_new] = templates_.try_emplace(statement);
    if (is_new) it->second = FoldConditions(Folded::Of(true), statement);
    const StatementTypes none;
    return Folder(context_, none).And(scope, it->second, {});
  }

  auto TypesOf(uint32_t statement) -> const StatementTypes& {
    const auto [it, is_new] = evaluator_.types_.try_emplace({statement, environment_});
    if (is_new) it->second = StatementTypes(evaluator_.ast_, evaluator_.typed_, statement, environment_);
    return it->second;
  }

  auto DeniesByFailing(ast::Effect effect, const Folded& folded) const -> bool {
    if (effect != ast::Effect::Forbid || evaluator_.forbid_errors_ != ForbidErrors::Deny) return false;
    return folded.is(State::Failed) || (folded.is(State::Residual) && folded.may_fail);
  }

  void Add(const PolicyRef& policy, SymbolId id, ast::Effect effect, const Folded& folded) {
    PolicyResidual residual = {.policy = policy,
                               .id = id,
                               .effect = effect,
                               .state = PolicyState::NotSatisfied,
                               .may_hold = folded.CanBeTrue() || DeniesByFailing(effect, folded),
                               .condition = {},
                               .error = std::nullopt};
    switch (folded.state) {
      case State::Known: residual.state = folded.IsBool(true) ? PolicyState::Satisfied : PolicyState::NotSatisfied; break;
      case State::Residual: residual.state = PolicyState::Residual; break;
      case State::Failed:
        residual.state = PolicyState::Fails;
        residual.error = errors_[folded.error];
        break;
    }
    if (residual.state == PolicyState::Residual || residual.state == PolicyState::Fails) residual.condition = folded.expr;
    answer_.policies.push_back(std::move(residual));
  }

  PartialEvaluator& evaluator_;
  const PartialRequest& request_;
  uint32_t environment_;
  PartialAnswer& answer_;
  Arena arena_;  // of values on the way
  OpRunner ops_;
  std::vector<EvalError> errors_;
  FoldContext context_;
  std::unordered_map<uint32_t, Folded> templates_;
};

auto PartialEvaluator::Evaluate(const PartialRequest& request, const std::vector<PolicyRef>& policies) -> PartialAnswer {
  PartialAnswer answer;
  Run run(*this, request, answer);
  for (const auto& policy : policies) run.Evaluate(policy);
  answer.verdict = Combine(answer.policies);
  return answer;
}

}  // namespace remit::partial
