#include "compiler/driver/packs.h"

#include <algorithm>

#include "compiler/schema/remit_namespace.h"

namespace remit {
namespace {

// The pack is known by an id in it, under whatever name it was loaded.
constexpr std::string_view kApprovalsPackId = "remit-approvers-are-in-by";

}  // namespace

auto HasApprovalsPack(const CompileJob& job) -> bool {
  const auto ids = AssignIds(job.ast, job.interner, ast::IdConvention::Remit);
  return std::ranges::find(ids, kApprovalsPackId) != ids.end();
}

auto LoadApprovalsPack(CompileJob& job) -> bool { return LoadPolicies(job, std::string(kApprovalsPackName), {}, PolicyFormat::Text); }

auto PolicyBuiltins() -> std::vector<std::string_view> { return {kApprovalsPackName}; }

auto SchemaBuiltins() -> std::vector<std::string_view> { return {kRemitNamespace}; }

}  // namespace remit
