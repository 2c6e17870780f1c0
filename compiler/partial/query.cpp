#include "compiler/partial/query.h"

#include <algorithm>

#include "compiler/lower/forbid_errors.h"
#include "compiler/lower/lower.h"

namespace remit::partial {
namespace {

auto RequestFor(const PartialRequest& request, Role role, EntityUid candidate) -> PartialRequest {
  PartialRequest known = request;
  (role == Role::Principal ? known.principal : known.resource) = PartialUid::Of(candidate);
  return known;
}

auto GrantOf(Verdict verdict) -> std::optional<Grant> {
  switch (verdict) {
    case Verdict::Allow: return Grant::Yes;
    case Verdict::Open: return Grant::Maybe;
    case Verdict::Deny: return std::nullopt;
  }
  return std::nullopt;
}

auto CandidateType(const PartialRequest& request, Role role) -> SymbolId {
  return role == Role::Principal ? request.principal.type : request.resource.type;
}

// Sorted by text, so that a page does not depend on the order in which names were read.
auto ListCandidates(const QuerySubject& subject, SymbolId type, const std::optional<EntityUid>& after) -> std::vector<EntityUid> {
  std::vector<EntityUid> candidates;
  for (const Entity& entity : subject.entities.entities()) {
    if (entity.uid.type == type) candidates.push_back(entity.uid);
  }
  if (const auto* decl = subject.schema.FindEntityType(type)) {
    for (const SymbolId id : decl->enumerated_ids) {
      const EntityUid uid = {.type = type, .id = id};
      if (subject.entities.Find(uid) == nullptr) candidates.push_back(uid);
    }
  }
  const auto text = [&](EntityUid uid) { return subject.interner.text(uid.id); };
  if (after && after->type == type) std::erase_if(candidates, [&](EntityUid uid) { return text(uid) <= text(*after); });
  std::ranges::sort(candidates, {}, text);
  return candidates;
}

}  // namespace

CandidateDecider::CandidateDecider(const QuerySubject& subject, const PartialRequest& request, Role role)
    : subject_(subject), request_(request), role_(role) {
  request_.now = subject.now;
  PartialAnswer answer = subject.evaluator.Evaluate(request_);
  verdict_ = answer.verdict;
  if (verdict_ != Verdict::Open) return;
  if (request.context.is_known()) {
    ok_ = Compile(answer);
    return;
  }
  for (auto& policy : answer.policies) {
    if (!policy.may_hold) continue;
    if (policy.state == PolicyState::Residual) {
      open_.push_back(policy.policy);
    } else {
      settled_.push_back(std::move(policy));
    }
  }
}

// Obligations say how something is done, not whether.
auto CandidateDecider::Compile(const PartialAnswer& answer) -> bool {
  const ast::Ast policies = ResidualPolicies(answer, subject_.ast, false);
  std::vector<std::string> ids;
  for (const SymbolId id : policies.explicit_ids) ids.emplace_back(subject_.interner.text(id));
  const auto errors_before = subject_.sink.error_count();
  program_ = Lower(policies, ids, subject_.interner, subject_.sink);
  if (subject_.evaluator.forbid_errors() == ForbidErrors::Deny) DenyWhereForbidsFail(*program_);
  return subject_.sink.error_count() == errors_before;
}

auto CandidateDecider::Decide(EntityUid candidate) -> std::optional<Grant> {
  if (verdict_ != Verdict::Open) return GrantOf(verdict_);
  if (!program_) return GrantOf(DecideWithoutContext(candidate));
  return DecideWithContext(candidate) ? std::optional(Grant::Yes) : std::nullopt;
}

auto CandidateDecider::DecideWithContext(EntityUid candidate) -> bool {
  arena_.Reset();
  const auto known = RequestFor(request_, role_, candidate);
  const Request request = {
      .principal = *known.principal.uid(), .action = known.action, .resource = *known.resource.uid(), .context = known.context.known};
  return remit::Decide(
             *program_,
             {.entities = subject_.entities, .request = request, .interner = subject_.interner, .arena = arena_, .now = subject_.now})
      .allowed();
}

auto CandidateDecider::DecideWithoutContext(EntityUid candidate) -> Verdict {
  auto policies = subject_.evaluator.Evaluate(RequestFor(request_, role_, candidate), open_).policies;
  policies.insert(policies.end(), settled_.begin(), settled_.end());
  return Combine(policies);
}

auto FindCandidates(const QuerySubject& subject, std::span<const PartialRequest> requests, Role role, const PageOptions& page)
    -> std::optional<FoundPage> {
  const auto text = [&](const PartialRequest& request) { return subject.interner.text(CandidateType(request, role)); };
  std::vector<PartialRequest> sorted(requests.begin(), requests.end());
  std::ranges::sort(sorted, {}, text);
  FoundPage result;
  for (const auto& request : sorted) {
    if (page.after && text(request) < subject.interner.text(page.after->type)) continue;
    CandidateDecider decider(subject, request, role);
    if (!decider.ok()) return std::nullopt;
    for (const EntityUid candidate : ListCandidates(subject, CandidateType(request, role), page.after)) {
      if (result.found.size() >= page.limit) {
        result.has_more = true;
        return result;
      }
      if (const auto grant = decider.Decide(candidate)) result.found.push_back({.uid = candidate, .grant = *grant});
    }
  }
  return result;
}

auto FindActions(const QuerySubject& subject, EntityUid principal, EntityUid resource,
                 const std::function<std::optional<PartialContext>(const ActionDecl&)>& context_of) -> FoundActions {
  FoundActions result;
  for (const auto& action : subject.schema.actions) {
    const bool applies = std::ranges::binary_search(action.principal_types, principal.type) &&
                         std::ranges::binary_search(action.resource_types, resource.type);
    if (!applies) continue;
    const auto context = context_of(action);
    if (!context) {
      result.excluded.push_back(action.uid);
      continue;
    }
    const PartialRequest request = {.principal = PartialUid::Of(principal),
                                    .action = action.uid,
                                    .resource = PartialUid::Of(resource),
                                    .context = *context,
                                    .now = subject.now};
    const auto grant = GrantOf(subject.evaluator.Evaluate(request).verdict);
    if (grant) result.found.push_back({.uid = action.uid, .grant = *grant});
  }
  return result;
}

}  // namespace remit::partial
