#include "compiler/lint/context.h"

#include "compiler/check/walk.h"

namespace remit::lint {

auto StatementView::IsPermit() const -> bool {
  const auto* policy = As<ast::Policy>();
  return policy != nullptr && policy->effect == ast::Effect::Permit;
}

auto StatementView::IsForbid() const -> bool {
  const auto* policy = As<ast::Policy>();
  return policy != nullptr && policy->effect == ast::Effect::Forbid;
}

LintContext::LintContext(const LintInput& input, const LintOptions& options, std::vector<Finding>& findings)
    : input_(input), options_(options), findings_(findings) {
  const auto add = [&](uint32_t i) {
    const auto& statement = input.ast.statements[i];
    views_.push_back(
        {.index = i, .statement = statement, .scope = check::ScopeOf(statement), .conditions = check::ConditionsOf(statement)});
  };
  views_.reserve(input.only != nullptr ? input.only->size() : input.ast.statements.size());
  if (input.only != nullptr) {
    for (const auto i : *input.only) add(i);
    return;
  }
  for (uint32_t i = 0; i < input.ast.statements.size(); ++i) add(i);
}

auto LintContext::Add(Rule rule, std::optional<uint32_t> about, Span span, std::string message) -> Finding& {
  Finding finding = {.rule = rule,
                     .level = options_.level(rule),
                     .span = span,
                     .message = std::move(message),
                     .help = {},
                     .statement = about ? id(*about) : std::string{},
                     .fix = {}};
  if (finding.level == Level::Off) return dropped_ = std::move(finding);
  return findings_.emplace_back(std::move(finding));
}

auto LintContext::TextAt(Span span) const -> std::string_view { return span.has_place() ? sources().text(span) : std::string_view{}; }

auto LintContext::UidText(EntityUid uid) const -> std::string { return FormatEntityUid(uid, interner()); }

}  // namespace remit::lint
