#include "runtime/approval/redemption.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "runtime/approval/coverage.h"
#include "runtime/approval/uses.h"

namespace remit::approval {
namespace {

// The grants that are ones, and what is wrong with the best of the others.
struct Verified {
  std::vector<Grant> grants;
  Step best = Step::Presented;
  Error why{.code = "approval-not-presented", .message = "no approval is presented", .pointer = {}, .help = {}};
};

auto VerifyAll(std::span<const std::string_view> tokens, const KeyRing& keys, const ApprovalLimits& limits) -> Verified {
  Verified verified;
  if (tokens.size() > limits.max_tokens) {
    verified.why = Fail("too-many-approvals", fmt::format("a request presents at most {} approvals", limits.max_tokens)).error();
    return verified;
  }
  for (const auto token : tokens) {
    auto grant = VerifyGrant(token, keys, limits);
    if (grant) {
      verified.grants.push_back(std::move(*grant));
    } else {
      verified.best = Step::Verified;
      verified.why = std::move(grant.error());
    }
  }
  return verified;
}

auto Cover(const Verified& verified, const Wanted& wanted, const TrialOf& trial_of) -> Coverage {
  Coverage coverage{.covered = false, .grant = {}, .uses = 0, .why = verified.why};
  Step best = verified.best;
  for (const auto& grant : verified.grants) {
    Trial trial = trial_of.Try(grant, wanted);
    if (trial.failed_at == Step::Covered) return {.covered = true, .grant = grant, .uses = trial_of.UsesOf(grant, wanted), .why = {}};
    coverage.used_by_same = coverage.used_by_same || trial.used_by_same;
    if (trial.failed_at < best) continue;
    best = trial.failed_at;
    coverage.why = std::move(trial.why);
  }
  return coverage;
}

// One use of one grant. Nothing if none is left.
class Taking {
 public:
  Taking(ApprovalStore& store, const RequestFacts& facts, std::string_view request_id)
      : store_(store),
        record_(UseToText({.is_held = true, .holder = RandomId(), .request = facts.exact, .request_id = std::string(request_id)})),
        digest_(facts.exact),
        request_id_(request_id) {}

  auto Take(const Grant& grant, uint32_t uses) -> Expected<std::optional<Redemption::Held>> {
    // Whoever is faster leaves one use less, or gives back what it took: more rounds than uses mean that it is given back again and again.
    for (uint32_t round = 0; round <= 2 * uses; ++round) {
      auto search = FindUse(store_, grant.id, uses, digest_, request_id_);
      if (!search) return std::unexpected(std::move(search.error()));
      const bool is_free = search->found == UseSearch::Found::Free;
      if (!is_free && search->found != UseSearch::Found::HeldBySame) return std::nullopt;
      Redemption::Held held{.key = UseKey(grant.id, search->number),
                            .record = record_,
                            .keep_until_ms = grant.expires_ms + kKeepAfterExpiryMs,
                            .taken_over = !is_free};
      const auto is_set = store_.CompareAndSet(held.key, is_free ? std::nullopt : std::optional<std::string_view>(search->present), record_,
                                               held.keep_until_ms);
      if (!is_set) return std::unexpected(is_set.error());
      if (*is_set) return held;
    }
    return std::nullopt;
  }

 private:
  ApprovalStore& store_;
  const std::string record_;
  const Digest& digest_;
  const std::string_view request_id_;
};

}  // namespace

auto Redeemer::Check(const RequestFacts& facts, std::span<const Wanted> wanted, std::span<const std::string_view> tokens,
                     std::string_view request_id, int64_t now_ms) const -> std::vector<Coverage> {
  std::vector<Coverage> coverages;
  if (wanted.empty()) return coverages;
  const auto verified = VerifyAll(tokens, keys_, limits_);
  const TrialOf trial_of{
      .store = store_, .may_approve = may_approve_, .limits = limits_, .facts = facts, .request_id = request_id, .now_ms = now_ms};
  for (const auto& each : wanted) coverages.push_back(Cover(verified, each, trial_of));
  return coverages;
}

auto Redeemer::Take(const RequestFacts& facts, std::span<const Coverage> coverages, std::string_view request_id) const
    -> Expected<Redemption> {
  Redemption redemption;
  Taking taking(store_, facts, request_id);
  std::set<std::string_view> taken;
  for (const auto& coverage : coverages) {
    if (!coverage.covered || !taken.insert(coverage.grant.id).second) continue;
    auto held = taking.Take(coverage.grant, coverage.uses);
    if (held && *held) {
      redemption.uses.push_back(std::move(**held));
      continue;
    }
    // What cannot be given back is lost, which is the safe side.
    static_cast<void>(GiveBack(redemption));
    if (!held) return std::unexpected(std::move(held.error()));
    return Fail("grant-used-up", "the approval has been used by another request meanwhile");
  }
  return redemption;
}

auto Redeemer::Confirm(const Redemption& redemption) const -> Expected<void> {
  for (const auto& held : redemption.uses) {
    auto use = UseFromText(held.record);
    use->is_held = false;
    // If it is not there any more, the same request has taken it over, and confirms or has confirmed it.
    const auto is_set = store_.CompareAndSet(held.key, held.record, UseToText(*use), held.keep_until_ms);
    if (!is_set) return std::unexpected(is_set.error());
  }
  return {};
}

auto Redeemer::GiveBack(const Redemption& redemption) const -> Expected<void> {
  Expected<void> result;
  for (const auto& held : redemption.uses) {
    if (held.taken_over) continue;
    const auto is_set = store_.CompareAndSet(held.key, held.record, std::nullopt, held.keep_until_ms);
    if (!is_set) result = std::unexpected(is_set.error());
  }
  return result;
}

}  // namespace remit::approval
