#include "runtime/approval/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runtime/approval/eligibility.h"
#include "runtime/approval/uses.h"

namespace remit::approval {
namespace {

auto FailAt(Step step, std::string code, std::string message) -> Trial {
  return {.failed_at = step, .why = {.code = std::move(code), .message = std::move(message), .pointer = {}, .help = {}}};
}

}  // namespace

auto TrialOf::TryText(const Grant& grant, const Wanted& wanted) const -> Trial {
  if (grant.statement != wanted.statement) {
    return FailAt(Step::Statement, "grant-for-another-statement", fmt::format("no grant for `{}` is presented", wanted.statement));
  }
  if (!SameInConstantTime(grant.statement_digest, wanted.statement_digest) || grant.scope != wanted.scope) {
    return FailAt(Step::Text, "grant-for-another-text", fmt::format("`{}` has been changed since it was approved", wanted.statement));
  }
  const auto digest = facts.DigestFor(wanted.scope);
  if (!digest) return {.failed_at = Step::Request, .why = digest.error()};
  if (!SameInConstantTime(*digest, grant.request_digest)) {
    return FailAt(Step::Request, "grant-for-another-request", "another request was approved than this one");
  }
  return {};
}

auto TrialOf::TryTime(const Grant& grant, const Wanted& wanted) const -> Trial {
  if (now_ms < 0 || grant.issued_ms - now_ms > limits.max_clock_skew_ms) {
    return FailAt(Step::Time, "grant-not-yet-valid", "the grant is from the future");
  }
  // INVARIANT: the grant's times are from 0 to kMaxTimeMs. The statement's own bound counts, too: no signer can make a grant that lasts longer.
  if (now_ms >= grant.expires_ms || now_ms - grant.issued_ms >= wanted.expires_ms) {
    return FailAt(Step::Time, "grant-expired", "the approval has expired");
  }
  return {};
}

auto TrialOf::TryState(const Grant& grant, const Wanted& wanted) const -> Trial {
  const auto revoked = store.Get(RevocationKey(grant.id));
  if (!revoked) return {.failed_at = Step::Revocation, .why = revoked.error()};
  if (*revoked) return FailAt(Step::Revocation, "grant-revoked", "the approval was revoked");
  if (grant.approvers.size() > limits.max_approvers) return FailAt(Step::Quorum, "quorum-not-met", "the grant names too many approvers");
  const auto count = CountApprovers(grant.approvers, facts, DescribeEscalation(grant.escalation, wanted, facts, now_ms), may_approve);
  if (!count) return {.failed_at = Step::Quorum, .why = count.error()};
  if (*count < std::max<int64_t>(wanted.quorum, 1)) {
    return FailAt(Step::Quorum, "quorum-not-met",
                  fmt::format("of those who approved {} may do so now, and `{}` needs {}", *count, wanted.statement, wanted.quorum));
  }
  return {};
}

auto TrialOf::UsesOf(const Grant& grant, const Wanted& wanted) const -> uint32_t {
  return static_cast<uint32_t>(std::clamp<int64_t>(wanted.uses, 0, std::min(grant.uses, limits.max_uses)));
}

auto TrialOf::TryUses(const Grant& grant, const Wanted& wanted) const -> Trial {
  const auto search = FindUse(store, grant.id, UsesOf(grant, wanted), facts.exact, request_id);
  if (!search) return {.failed_at = Step::Uses, .why = search.error()};
  switch (search->found) {
    case UseSearch::Found::Free:
    case UseSearch::Found::HeldBySame: return {};
    case UseSearch::Found::UsedBySame:
    case UseSearch::Found::NoneLeft: break;
  }
  Trial trial = FailAt(Step::Uses, "grant-used-up", "the approval has been used");
  trial.used_by_same = search->found == UseSearch::Found::UsedBySame;
  return trial;
}

auto TrialOf::Try(const Grant& grant, const Wanted& wanted) const -> Trial {
  static constexpr auto kTries = std::to_array({&TrialOf::TryText, &TrialOf::TryTime, &TrialOf::TryState, &TrialOf::TryUses});
  for (const auto try_step : kTries) {
    Trial trial = (this->*try_step)(grant, wanted);
    if (trial.failed_at != Step::Covered) return trial;
  }
  return {};
}

}  // namespace remit::approval
