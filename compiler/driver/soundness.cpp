#include "compiler/driver/soundness.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compiler/check/check.h"

namespace remit {
namespace {

// What values alone decide; all else, types could have told.
constexpr std::array<std::string_view, 3> kAllowed = {"integer-overflow", "entity-missing", "extension-error"};

}  // namespace

auto CheckedPolicies(const CompileJob& job, const std::vector<std::string>& ids, const Schema& schema) -> std::set<std::string> {
  DiagnosticSink sink(job.limits.max_diagnostics);
  const check::TypedPolicySet typed(job.ast, ids, schema, job.sources, job.interner, {}, sink);
  std::set<std::string> checked;
  for (size_t i = 0; i < ids.size(); ++i) {
    if (typed.statements()[i].ok) checked.insert(ids[i]);
  }
  for (size_t i = 0; i < job.ast.links.size(); ++i) {
    const auto& link = job.ast.links[i];
    const bool template_ok = checked.contains(std::string(job.interner.text(link.template_id)));
    if (typed.links()[i] && template_ok) checked.emplace(job.interner.text(link.new_id));
  }
  return checked;
}

auto UnsoundErrors(const RequestDecider& decider, const Decision& decision, const std::set<std::string>& checked) -> std::string {
  std::string found;
  for (const auto& error : decision.errors) {
    const std::string id(decider.policy_id(error.policy));
    if (!checked.contains(id) || std::ranges::find(kAllowed, error.code) != kAllowed.end()) continue;
    found += fmt::format("\n  {} passed strict checking and failed: {}: {}", id, error.code, error.message);
  }
  return found;
}

}  // namespace remit
