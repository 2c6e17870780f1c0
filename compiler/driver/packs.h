// Policies that are shipped, as text: stdlib/packs.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/driver/compile_job.h"

namespace remit {

// Who may answer an escalation: what a file of policies with this name holds, whatever its text.
inline constexpr std::string_view kApprovalsPackName = "builtin:approvals";
extern const std::string_view kApprovalsPack;

// Whether the job has them, under whatever name.
auto HasApprovalsPack(const CompileJob& job) -> bool;
auto LoadApprovalsPack(CompileJob& job) -> bool;

// What may be named where policies and where schemas are named, with `builtin:`.
auto PolicyBuiltins() -> std::vector<std::string_view>;
auto SchemaBuiltins() -> std::vector<std::string_view>;

}  // namespace remit
