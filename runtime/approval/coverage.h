// One presented grant held against one statement, step by step: the further it gets, the more it was meant.
#pragma once

#include "runtime/approval/redemption.h"

namespace remit::approval {

// What a grant has come through. In the order in which the steps are taken.
enum class Step : uint8_t { Presented, Verified, Statement, Text, Request, Time, Revocation, Quorum, Uses, Covered };

struct Trial {
  Step failed_at = Step::Covered;
  Error why;  // unless covered
  bool used_by_same = false;
};

struct TrialOf {
  ApprovalStore& store;
  const MayApprove& may_approve;
  const ApprovalLimits& limits;
  const RequestFacts& facts;
  std::string_view request_id;
  int64_t now_ms = 0;

  auto Try(const Grant& grant, const Wanted& wanted) const -> Trial;
  auto UsesOf(const Grant& grant, const Wanted& wanted) const -> uint32_t;

 private:
  auto TryText(const Grant& grant, const Wanted& wanted) const -> Trial;
  auto TryTime(const Grant& grant, const Wanted& wanted) const -> Trial;
  auto TryState(const Grant& grant, const Wanted& wanted) const -> Trial;
  auto TryUses(const Grant& grant, const Wanted& wanted) const -> Trial;
};

}  // namespace remit::approval
