#include "compiler/parse/clauses.h"

#include <array>
#include <unordered_set>

#include "compiler/parse/operand.h"
#include "runtime/base/did_you_mean.h"

namespace remit::parse {
namespace {

auto Keyword(const Conversion& c, const Rule* clause) -> std::string_view {
  return c.context.sources.text(TokenSpan(*clause->start, c.file));
}

// The fields of `approval { .. }`.
struct ApprovalField {
  std::string_view name;
  ast::ExprId ast::Approval::* member;
  std::string_view required;  // what to write, for the fields that must be there
};
constexpr std::array<ApprovalField, 5> kApprovalFields = {{
    {"by", &ast::Approval::by, "by: [Role::\"leads\"]"},
    {"quorum", &ast::Approval::quorum, ""},
    {"expires", &ast::Approval::expires, "expires: duration(\"15m\")"},
    {"uses", &ast::Approval::uses, ""},
    {"scope", &ast::Approval::scope, ""},
}};

auto SetApprovalField(Conversion& c, ast::Approval& approval, std::string_view key, Span span, ast::ExprId value) -> bool {
  std::vector<std::string_view> names;
  for (const auto& field : kApprovalFields) {
    names.push_back(field.name);
    if (field.name != key) continue;
    approval.*field.member = value;
    return true;
  }
  c.Report(DiagnosticCode::UnknownApprovalField, span, Clip(key)).help =
      DidYouMean(key, names, fmt::format("an approval has {}", fmt::join(names, ", ")));
  return false;
}

}  // namespace

auto ToBlock(Conversion& c, Rule* clause, Grammar::BlockContext* block) -> ast::ExprId {
  if (block->expr() != nullptr) return ToExpr(c, block->expr());
  c.Report(DiagnosticCode::EmptyClause, c.SpanOf(block), Keyword(c, clause));
  return {};
}

auto ToConditions(Conversion& c, const std::vector<Grammar::ConditionContext*>& conditions) -> std::optional<std::vector<ast::Condition>> {
  std::vector<ast::Condition> result;
  bool good = true;
  for (auto* condition : conditions) {
    const auto kind = condition->WHEN() != nullptr ? ast::ConditionKind::When : ast::ConditionKind::Unless;
    const auto body = ToBlock(c, condition, condition->block());
    good = good && body.has_value();
    result.push_back({.kind = kind, .body = body, .span = c.SpanOf(condition)});
  }
  return good ? std::optional{std::move(result)} : std::nullopt;
}

auto ToOblige(Conversion& c, Grammar::ObligeContext* oblige) -> std::optional<ast::Oblige> {
  const auto record = ToRecord(c, oblige->record());
  return record.has_value() ? std::optional{ast::Oblige{.record = record, .span = c.SpanOf(oblige)}} : std::nullopt;
}

auto ToApproval(Conversion& c, Grammar::ApprovalContext* approval) -> std::optional<ast::Approval> {
  const auto record = ToRecord(c, approval->record());
  if (!record.has_value()) return std::nullopt;
  ast::Approval result = {.by = {}, .quorum = {}, .expires = {}, .uses = {}, .scope = {}, .span = c.SpanOf(approval)};
  bool good = true;
  size_t child = 1;
  for (const auto& entry : std::get<ast::RecordLit>(c.ast.expr(record).node).entries) {
    auto* key = AsRule(AsRule(approval->record()->children[child])->children[0]);
    good = SetApprovalField(c, result, c.context.interner.text(entry.key), c.SpanOf(key), entry.value) && good;
    child += 2;
  }
  for (const auto& field : kApprovalFields) {
    if (field.required.empty() || (result.*field.member).has_value()) continue;
    c.Report(DiagnosticCode::MissingApprovalField, result.span, field.name).help = fmt::format("add `{}`", field.required);
    good = false;
  }
  return good ? std::optional{result} : std::nullopt;
}

auto ToOutcome(Grammar::OutcomeContext* outcome) -> Outcome {
  switch (TokenType(outcome->children[0])) {
    case Grammar::OBSERVE: return Outcome::Observe;
    case Grammar::DRAFT: return Outcome::Draft;
    case Grammar::APPROVE: return Outcome::Approve;
    case Grammar::EXECUTE: return Outcome::Execute;
    default: return Outcome::Deny;
  }
}

auto ToLevel(Conversion& c, Grammar::OutcomeContext* outcome) -> std::optional<Outcome> {
  const auto level = ToOutcome(outcome);
  if (level < Outcome::Approve) return level;
  c.Report(DiagnosticCode::InvalidLevel, c.SpanOf(outcome), OutcomeName(level)).help =
      level == Outcome::Approve ? "use `escalate` to ask for an approval; `restrict` goes to `observe`, `draft` or `deny`"
                                : "`restrict` goes to `observe`, `draft` or `deny`";
  return std::nullopt;
}

auto ToConsequence(Conversion& c, Rule* clause, Grammar::ConsequenceContext* consequence) -> std::optional<ast::Consequence> {
  ast::Consequence result = {.kind = ast::ConsequenceKind::Deny, .level = Outcome::Deny, .approval = {}, .span = c.SpanOf(clause)};
  if (consequence->RESTRICT() != nullptr) {
    const auto level = ToLevel(c, consequence->outcome());
    if (!level) return std::nullopt;
    result.kind = ast::ConsequenceKind::Restrict;
    result.level = *level;
  } else if (consequence->ESCALATE() != nullptr) {
    result.kind = ast::ConsequenceKind::Escalate;
    result.approval = ToApproval(c, consequence->approval());
    if (!result.approval) return std::nullopt;
  }
  return result;
}

auto ClausesDiffer(Conversion& c, const Rule* statement) -> bool {
  std::unordered_set<size_t> seen;
  bool good = true;
  for (auto* child : statement->children) {
    if (grammar::IsLeaf(*child)) continue;
    auto* clause = AsRule(child);
    if (clause->getRuleIndex() == Grammar::RuleCondition || clause->getRuleIndex() == Grammar::RuleOutcome) continue;
    if (seen.insert(clause->getRuleIndex()).second) continue;
    const bool is_window = clause->getRuleIndex() == Grammar::RuleWindow;
    c.Report(DiagnosticCode::RepeatedClause, c.SpanOf(clause), is_window ? "window" : Keyword(c, clause));
    good = false;
  }
  return good;
}

auto RequireClause(Conversion& c, const Rule* statement, const Rule* clause, std::string_view example) -> bool {
  if (clause != nullptr) return true;
  const auto keyword = Keyword(c, statement);
  c.Report(DiagnosticCode::MissingClause, TokenSpan(*statement->start, c.file), keyword, example.substr(0, example.find(' '))).help =
      fmt::format("add `{}`", example);
  return false;
}

}  // namespace remit::parse
