#include "runtime/governor/decision_record.h"

#include <algorithm>

namespace remit {
namespace {

auto ToEntity(EntityUid uid, const Interner& interner) -> audit::Entity {
  return {.type = interner.text(uid.type), .id = interner.text(uid.id)};
}

}  // namespace

void DecisionDescriber::Describe(const Decision& decision, const ir::Program& program, const Interner& interner,
                                 audit::DecisionRecord& record) {
  const auto id = [&](uint32_t policy) { return interner.text(program.policies[policy].id); };
  determining_.clear();
  errors_.clear();
  obligations_.clear();
  budgets_.clear();
  breakers_.clear();
  escalations_.clear();
  for (const auto& wanted : decision.approvals) escalations_.push_back({.statement = id(wanted.policy)});
  for (const uint32_t policy : decision.determining) determining_.push_back(id(policy));
  for (const auto& error : decision.errors)
    errors_.push_back({.statement = id(error.policy), .code = error.code, .message = error.message});
  for (const auto& [policy, json] : decision.obligations) obligations_.push_back({.statement = id(policy), .record = json});
  for (const auto& claim : decision.budgets) {
    budgets_.push_back({.budget = interner.text(program.budgets[claim.budget].name),
                        .key = claim.key,
                        .charge = claim.charge,
                        .limit = claim.limit,
                        .used = claim.used,
                        .is_lifted = claim.is_lifted});
  }
  for (const auto& claim : decision.breakers) {
    breakers_.push_back({.breaker = interner.text(program.breakers[claim.breaker].name),
                         .key = claim.key,
                         .is_open = claim.is_open,
                         .is_lifted = claim.is_lifted});
  }
  record.outcome = OutcomeName(decision.outcome);
  record.determining = determining_;
  record.errors = errors_;
  record.obligations = obligations_;
  record.budgets = budgets_;
  record.breakers = breakers_;
  record.escalations = escalations_;
  record.quarantined = decision.quarantined;
}

void DecisionDescriber::Describe(const GovernedDecision& answer, const ir::Program& program, const Interner& interner,
                                 audit::DecisionRecord& record) {
  Describe(answer.decision, program, interner, record);
  const auto id = [&](uint32_t policy) { return interner.text(program.policies[policy].id); };
  covered_.clear();
  for (const auto& [policy, grant] : answer.covered) covered_.push_back({.statement = id(policy), .grant = grant});
  for (size_t i = 0; i < answer.decision.approvals.size(); ++i) {
    const auto ticket = std::ranges::find(answer.tickets, answer.decision.approvals[i].policy, &OpenedTicket::policy);
    if (ticket == answer.tickets.end()) continue;
    escalations_[i].ticket = ticket->id;
    escalations_[i].expires_ms = ticket->expires_at;
  }
  record.covered = covered_;
  record.reservation = answer.reservation;
  record.reservation_expires_ms = answer.expires_at;
  record.is_repeated = answer.is_repeated;
}

void DecisionDescriber::DescribeRequest(const GovernedRequest& request, audit::DecisionRecord& record) {
  delegation_.clear();
  for (const EntityUid member : request.delegation) delegation_.push_back(ToEntity(member, request.interner));
  record.principal = ToEntity(request.request.principal, request.interner);
  record.action = ToEntity(request.request.action, request.interner);
  record.resource = ToEntity(request.request.resource, request.interner);
  record.delegation = delegation_;
  record.head.session = request.session;
  record.head.request_id = request.request_id;
  record.dry_run = request.dry_run;
  record.is_validated = request.conforms;
}

}  // namespace remit
