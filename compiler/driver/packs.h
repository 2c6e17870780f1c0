// Policies that are shipped, as text: stdlib/packs.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/driver/compile_job.h"

namespace remit {

// Who may answer an escalation: what a file of policies with this name holds, whatever its text.
inline constexpr std::string_view kApprovalsPackName = "builtin:approvals";

// Whether it can only be the name of something shipped: no file is called so. Whether there is such a thing is asked below.
inline auto IsBuiltinName(std::string_view name) -> bool { return name.starts_with("builtin:"); }

// One that is shipped: policies, and the schema fragment that they are written for, which may be empty.
struct Pack {
  std::string_view name;  // `builtin:payments`
  std::string_view policies;
  std::string_view schema;
};
auto AllPacks() -> std::span<const Pack>;

// What is shipped under the name, where policies and where schemas are named; nothing if it is no such name.
auto BuiltinPolicies(std::string_view name) -> std::optional<std::string_view>;
auto BuiltinSchema(std::string_view name) -> std::optional<std::string_view>;

// What the texts of the named schemas cannot say: to be done once their names are resolved.
void CompleteBuiltins(Schema& schema, const std::set<std::string>& names, Interner& interner);

// Whether the job has them, under whatever name.
auto HasApprovalsPack(const CompileJob& job) -> bool;
auto LoadApprovalsPack(CompileJob& job) -> bool;

// What may be named where policies and where schemas are named, with `builtin:`.
auto PolicyBuiltins() -> std::vector<std::string_view>;
auto SchemaBuiltins() -> std::vector<std::string_view>;

}  // namespace remit
