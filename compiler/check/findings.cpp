#include "compiler/check/findings.h"

#include "runtime/value/value.h"

namespace remit::check {
namespace {

auto Describe(const Environment& environment, const Interner& interner) -> std::string {
  return fmt::format("for `{}`, {}, `{}`", interner.text(environment.principal), FormatEntityUid(environment.action->uid, interner),
                     interner.text(environment.resource));
}

}  // namespace

void Findings::Enter(const Environment* environment) {
  environment_ = environment;
  if (environment != nullptr) ++environment_count_;
}

auto Findings::Add(Diagnostic diagnostic) -> Diagnostic& {
  const Key key{diagnostic.span.file.value, diagnostic.span.begin, diagnostic.span.end, static_cast<uint16_t>(diagnostic.code),
                diagnostic.message};
  const bool is_error = CodeSeverity(diagnostic.code) == Severity::Error;
  auto [it, is_new] = findings_.try_emplace(key, Finding{.diagnostic = std::move(diagnostic), .first = environment_});
  if (is_new && is_error) ++error_count_;
  ++report_count_;
  if (environment_ != nullptr) ++it->second.environments;
  return it->second.diagnostic;
}

void Findings::Flush(DiagnosticSink& sink, const Interner& interner, std::string_view id) {
  for (auto& [key, finding] : findings_) {
    auto& diagnostic = finding.diagnostic;
    if (finding.first != nullptr && finding.environments < environment_count_) {
      diagnostic.message += " (" + Describe(*finding.first, interner);
      if (finding.environments > 1) diagnostic.message += fmt::format(" and {} more", finding.environments - 1);
      diagnostic.message += ")";
    }
    // A JSON policy has no place to point at.
    if (!diagnostic.span.has_place()) diagnostic.message = fmt::format("in policy `{}`: {}", id, diagnostic.message);
    sink.Add(std::move(diagnostic));
  }
  findings_.clear();
  environment_ = nullptr;
  environment_count_ = 0;
  error_count_ = 0;
  report_count_ = 0;
}

}  // namespace remit::check
