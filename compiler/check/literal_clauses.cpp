// Clauses that must be literals: what a budget's window is, or how long an approval lasts, is known before any request.
#include "compiler/check/literal_text.h"
#include "compiler/check/statement_checker.h"
#include "compiler/check/time_zone.h"

namespace remit::check {
namespace {

class LiteralClauses {
 public:
  explicit LiteralClauses(CheckContext& context) : context_(context) {}

  // `duration("..")`, more than nothing.
  void Duration(ast::ExprId id, std::string_view clause) {
    if (!id.has_value()) return;
    const auto* call = std::get_if<ast::Call>(&node(id));
    const bool is_literal = call != nullptr && call->builtin == BuiltinId::DurationParse && call->args.size() == 1 &&
                            std::holds_alternative<ast::StringLit>(node(call->args[0]));
    if (!is_literal) return NotLiteral(id, clause, "a duration such as `duration(\"15m\")`");
    if (const auto millis = Millis(call->args[0]); millis && *millis <= 0) Report(DiagnosticCode::NotPositive, id, clause);
  }

  // A number of at least one.
  void Count(ast::ExprId id, std::string_view clause) {
    if (!id.has_value()) return;
    const auto* literal = std::get_if<ast::LongLit>(&node(id));
    if (literal == nullptr) return NotLiteral(id, clause, "a number");
    if (literal->value < 1) Report(DiagnosticCode::NotPositive, id, clause);
  }

  void ApprovalScope(ast::ExprId id) {
    if (!id.has_value()) return;
    const auto* literal = std::get_if<ast::StringLit>(&node(id));
    const auto text = literal == nullptr ? std::string_view{} : context_.interner.text(literal->text);
    if (text != "exact" && text != "session") NotLiteral(id, "scope", "`\"exact\"` or `\"session\"`");
  }

  void TimeZone(const ast::Window& window) {
    if (!window.time_zone.has_value()) return;
    const auto name = context_.interner.text(window.time_zone);
    if (IsTimeZone(name)) return;
    context_.findings.Report(DiagnosticCode::UnknownTimeZone, window.span, name).help =
        "time zones are named as in the IANA database: `Europe/Berlin`, `UTC`";
  }

  // A literal that could never be an amount.
  void Amount(ast::ExprId id, std::string_view clause) {
    if (!id.has_value()) return;
    const auto* literal = std::get_if<ast::LongLit>(&node(id));
    if (literal != nullptr && literal->value < 0) Report(DiagnosticCode::NegativeAmount, id, clause);
  }

  void Approval(const ast::Approval& approval) {
    Count(approval.quorum, "quorum");
    Duration(approval.expires, "expires");
    Count(approval.uses, "uses");
    ApprovalScope(approval.scope);
  }
  void Consequence(const std::optional<ast::Consequence>& consequence) {
    if (consequence && consequence->approval) Approval(*consequence->approval);
  }

  void operator()(const ast::Escalate& escalate) { Approval(escalate.approval); }
  void operator()(const ast::Budget& budget) {
    Amount(budget.charge, "charge");
    Amount(budget.limit, "limit");
    Duration(budget.window.duration, budget.window.kind == ast::WindowKind::Refill ? "refill" : "within");
    TimeZone(budget.window);
    if (budget.hold) Duration(budget.hold->duration, "hold");
    Consequence(budget.exceeded);
  }
  void operator()(const ast::Breaker& breaker) {
    Duration(breaker.within, "within");
    Duration(breaker.cooldown, "cooldown");
    Count(breaker.probe, "probe");
    Consequence(breaker.open);
  }
  void operator()(const ast::Test& test) {
    for (const auto& step : test.steps) {
      if (const auto* advance = std::get_if<ast::TestAdvance>(&step.step)) Duration(advance->duration, "advance");
    }
  }
  void operator()(const ast::Policy&) {}
  void operator()(const ast::Restrict&) {}
  void operator()(const ast::Assert&) {}

 private:
  auto node(ast::ExprId id) const -> const ast::ExprNode& { return context_.ast.expr(id).node; }
  void Report(DiagnosticCode code, ast::ExprId id, std::string_view clause) {
    context_.findings.Report(code, context_.ast.expr(id).span, clause);
  }
  void NotLiteral(ast::ExprId id, std::string_view clause, std::string_view wanted) {
    context_.findings.Report(DiagnosticCode::NotALiteral, context_.ast.expr(id).span, clause, wanted);
  }

  // Nothing if the text is no duration: the checker says so.
  auto Millis(ast::ExprId text) const -> std::optional<int64_t> {
    Arena arena;
    const auto made = Construct(BuiltinId::DurationParse, std::get<ast::StringLit>(node(text)).text, context_.interner, arena);
    if (!made) return std::nullopt;
    return made->as_duration().millis;
  }

  CheckContext& context_;
};

}  // namespace

void CheckLiteralClauses(const ast::Statement& statement, CheckContext& context) { std::visit(LiteralClauses{context}, statement.body); }

}  // namespace remit::check
