#include "compiler/driver/expected_validation.h"

#include <fmt/ranges.h>

#include <set>

#include "compiler/check/check.h"

namespace remit {
namespace {

using Ids = std::set<std::string>;

struct Verdict {
  Ids errors;
  Ids impossible;
};

// Asks for verdicts on statements, not for diagnostics: a sink keeps only so many of those.
auto Judge(const CompileJob& job, const std::vector<std::string>& ids, const Schema& schema, const check::CheckOptions& options,
           DiagnosticSink& sink) -> Verdict {
  const check::TypedPolicySet typed(job.ast, ids, schema, job.sources, job.interner, options, sink);
  Verdict verdict;
  for (size_t i = 0; i < ids.size(); ++i) {
    if (!typed.statements()[i].ok) verdict.errors.insert(ids[i]);
    if (typed.statements()[i].impossible) verdict.impossible.insert(ids[i]);
  }
  for (size_t i = 0; i < job.ast.links.size(); ++i) {
    if (!typed.links()[i]) verdict.errors.emplace(job.interner.text(job.ast.links[i].new_id));
  }
  return verdict;
}

auto Messages(const DiagnosticSink& sink, const CompileJob& job) -> std::string {
  constexpr size_t kMost = 5;
  std::string text;
  for (size_t i = 0; i < sink.diagnostics().size() && i < kMost; ++i) text += "\n" + FormatDiagnostic(sink.diagnostics()[i], job.sources);
  return text;
}

auto CompareMode(const CompileJob& job, const std::vector<std::string>& ids, const Schema& schema, const check::CheckOptions& options,
                 const nlohmann::json& expected, const std::string& mode) -> std::string {
  DiagnosticSink sink(job.limits.max_diagnostics);
  const Verdict verdict = Judge(job, ids, schema, options, sink);
  const auto errors = expected.value("errors", Ids{});
  if (verdict.errors != errors) {
    return fmt::format("{}: expected errors in [{}], got [{}]{}", mode, fmt::join(errors, ", "), fmt::join(verdict.errors, ", "),
                       Messages(sink, job));
  }
  if (!expected.contains("impossible")) return {};
  const auto impossible = expected.value("impossible", Ids{});
  if (verdict.impossible == impossible) return {};
  return fmt::format("{}: expected [{}] to be impossible, got [{}]{}", mode, fmt::join(impossible, ", "),
                     fmt::join(verdict.impossible, ", "), Messages(sink, job));
}

}  // namespace

auto CompareValidation(const CompileJob& job, const std::vector<std::string>& ids, const Schema& schema, const nlohmann::json& expected)
    -> std::vector<std::string> {
  std::vector<std::string> results;
  const auto compare = [&](const check::CheckOptions& options, const nlohmann::json& verdict, const std::string& mode) {
    results.push_back(CompareMode(job, ids, schema, options, verdict, mode));
  };
  if (expected.contains("strict")) compare({}, expected["strict"], "strict");
  if (expected.contains("permissive")) compare({.mode = check::Mode::Permissive}, expected["permissive"], "permissive");
  const auto levels = expected.value("levels", nlohmann::json::object());
  for (const auto& [level, verdict] : levels.items()) {
    compare({.max_level = static_cast<uint32_t>(std::stoul(level))}, verdict, "level " + level);
  }
  return results;
}

auto CompareShouldValidate(const CompileJob& job, const std::vector<std::string>& ids, const Schema& schema, bool expected) -> std::string {
  DiagnosticSink sink(job.limits.max_diagnostics);
  const bool validates = Judge(job, ids, schema, {}, sink).errors.empty();
  if (validates == expected) return {};
  return expected ? "the policies should validate" + Messages(sink, job) : "the policies should not validate";
}

}  // namespace remit
