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

auto BuiltinPolicies(std::string_view name) -> std::optional<std::string_view> {
  const auto it = std::ranges::find(AllPacks(), name, &Pack::name);
  return it == AllPacks().end() ? std::nullopt : std::optional(it->policies);
}

auto BuiltinSchema(std::string_view name) -> std::optional<std::string_view> {
  if (name == kRemitNamespace) return RemitNamespaceText();
  if (name == kServerNamespace) return ServerNamespaceText();
  const auto it = std::ranges::find(AllPacks(), name, &Pack::name);
  return it == AllPacks().end() || it->schema.empty() ? std::nullopt : std::optional(it->schema);
}

void CompleteBuiltins(Schema& schema, const std::set<std::string>& names, Interner& interner) {
  if (names.contains(std::string(kRemitNamespace))) CompleteRemitNamespace(schema, interner);
  if (names.contains(std::string(kServerNamespace))) CompleteServerNamespace(schema, interner);
}

auto PolicyBuiltins() -> std::vector<std::string_view> {
  std::vector<std::string_view> names;
  for (const Pack& pack : AllPacks()) names.push_back(pack.name);
  return names;
}

auto SchemaBuiltins() -> std::vector<std::string_view> {
  std::vector<std::string_view> names = {kRemitNamespace, kServerNamespace};
  for (const Pack& pack : AllPacks()) {
    if (!pack.schema.empty()) names.push_back(pack.name);
  }
  return names;
}

}  // namespace remit
