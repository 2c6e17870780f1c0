#include "runtime/approval/eligibility.h"

#include <algorithm>
#include <set>

namespace remit::approval {
namespace {

auto HasPart(const Approver& approver, const std::set<UidText>& people) -> bool {
  return people.contains(approver.person) ||
         std::ranges::any_of(approver.acting_for, [&](const auto& person) { return people.contains(person); });
}

}  // namespace

auto IsParty(const Approver& approver, const RequestFacts& facts) -> bool {
  return facts.Concerns(approver.person) ||
         std::ranges::any_of(approver.acting_for, [&](const auto& person) { return facts.Concerns(person); });
}

auto IsInBy(const UidText& person, const Escalation& escalation, const EntityStore& people, const Interner& interner) -> bool {
  const auto find = [&](const UidText& uid) { return EntityUid{interner.Find(uid.type), interner.Find(uid.id)}; };
  const auto is_known = [](EntityUid uid) { return uid.type.has_value() && uid.id.has_value(); };
  const EntityUid approver = find(person);
  return std::ranges::any_of(escalation.by, [&](const UidText& by) {
    if (by == person) return true;
    const EntityUid group = find(by);
    return is_known(approver) && is_known(group) && people.IsIn(approver, group);
  });
}

auto IsEligible(const Approver& approver, const Escalation& escalation, const MayApprove& may_approve) -> Expected<bool> {
  auto may = may_approve(approver.person, escalation);
  for (const auto& person : approver.acting_for) {
    if (!may || !*may) break;
    may = may_approve(person, escalation);
  }
  return may;
}

auto CountApprovers(const std::vector<Approver>& approvers, const RequestFacts& facts, const Escalation& escalation,
                    const MayApprove& may_approve) -> Expected<uint32_t> {
  std::set<UidText> counted;
  uint32_t count = 0;
  for (const auto& approver : approvers) {
    if (IsParty(approver, facts) || HasPart(approver, counted)) continue;
    const auto may = IsEligible(approver, escalation, may_approve);
    if (!may) return std::unexpected(may.error());
    if (!*may) continue;
    ++count;
    counted.insert(approver.person);
    counted.insert(approver.acting_for.begin(), approver.acting_for.end());
  }
  return count;
}

}  // namespace remit::approval
