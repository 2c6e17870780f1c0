// Policies that are shipped, as text: stdlib/packs.
#pragma once

#include <string_view>

#include "compiler/driver/compile_job.h"

namespace remit {

// Who may answer an escalation: what a file of policies with this name holds, whatever its text.
inline constexpr std::string_view kApprovalsPackName = "builtin:approvals";
extern const std::string_view kApprovalsPack;

// Whether the job has them, under whatever name.
auto HasApprovalsPack(const CompileJob& job) -> bool;
auto LoadApprovalsPack(CompileJob& job) -> bool;

}  // namespace remit
