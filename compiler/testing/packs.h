// Policies that are shipped, as text: stdlib/packs.
#pragma once

#include <string_view>

namespace remit::tests {

// Who may answer an escalation.
extern const std::string_view kApprovalsPack;
// An id in it.
inline constexpr std::string_view kApprovalsPackId = "remit-approvers-are-in-by";

}  // namespace remit::tests
