#include "compiler/mutation/mutants.h"

#include <array>

#include "compiler/ast/decimal_text.h"
#include "compiler/ast/printer.h"
#include "compiler/coverage/points.h"
#include "compiler/driver/packs.h"
#include "compiler/mutation/expr_mutants.h"

namespace remit::mutation {
namespace {

using ast::ExprId;
using ast::Statement;

struct Row {
  std::string_view code;
  std::string_view text;
};
constexpr std::array kRows = {
#define MUTATION(id, code, text) Row{code, text},
#include "compiler/mutation/mutations.def"
#undef MUTATION
};

// The next longer window of the calendar; what has no next one counts for life.
auto LongerWindow(const ast::Window& window) -> ast::Window {
  ast::Window longer = window;
  switch (window.kind) {
    case ast::WindowKind::Hour: longer.kind = ast::WindowKind::Day; break;
    case ast::WindowKind::Day: longer.kind = ast::WindowKind::Week; break;
    case ast::WindowKind::Week: longer.kind = ast::WindowKind::Month; break;
    case ast::WindowKind::Month:
    case ast::WindowKind::Sliding:
    case ast::WindowKind::Refill:
    case ast::WindowKind::Concurrent:
    case ast::WindowKind::Lifetime:
      longer = {.kind = ast::WindowKind::Lifetime, .time_zone = {}, .duration = {}, .span = window.span};
      break;
  }
  return longer;
}

auto WindowText(ast::WindowKind kind) -> std::string {
  switch (kind) {
    case ast::WindowKind::Hour: return "each hour";
    case ast::WindowKind::Day: return "each day";
    case ast::WindowKind::Week: return "each week";
    case ast::WindowKind::Month: return "each month";
    case ast::WindowKind::Sliding:
    case ast::WindowKind::Refill:
    case ast::WindowKind::Concurrent:
    case ast::WindowKind::Lifetime: return "";
  }
  return "";
}

auto VariableName(size_t position) -> std::string_view {
  static constexpr std::array<std::string_view, 3> kNames = {"principal", "action", "resource"};
  return kNames[position];
}

class StatementMutants {
 public:
  StatementMutants(ast::Ast& ast, Interner& interner, const SourceManager& sources, ExprId never, uint32_t statement,
                   std::vector<Mutant>& out)
      : ast_(ast), interner_(interner), sources_(sources), never_(never), statement_(statement), out_(out) {}

  void Run() {
    // Copies: the tree grows while it is looked at.
    const Statement old = ast_.statements[statement_];
    std::visit([&](const auto& body) { Of(old, body); }, old.body);
  }

 private:
  template <typename Body>
  void Replace(Mutation mutation, Span span, std::string after, const Statement& old, Body body) {
    Mutant mutant = {.mutation = mutation, .statement = statement_, .span = span, .after = std::move(after)};
    mutant.widens = mutation == Mutation::WidenScope || mutation == Mutation::SwapEffect;
    mutant.new_statement = {.span = old.span, .annotations = old.annotations, .body = std::move(body)};
    if (span.has_place()) out_.push_back(std::move(mutant));
  }

  void InExpr(ExprId id) {
    if (!id.has_value()) return;
    for (auto& mutant : FindExprMutants(ast_, interner_, statement_, id)) out_.push_back(std::move(mutant));
  }

  // ---- what all of them have

  template <typename Body>
  void Common(const Statement& old, const Body& body) {
    Body dropped = body;
    dropped.conditions.insert(dropped.conditions.begin(), {.kind = ast::ConditionKind::When, .body = never_, .span = {}});
    Replace(Mutation::DropStatement, old.span, "", old, std::move(dropped));
    Scope(old, body);
    for (size_t i = 0; i < body.conditions.size(); ++i) {
      const auto& condition = body.conditions[i];
      Body without = body;
      without.conditions.erase(without.conditions.begin() + static_cast<std::ptrdiff_t>(i));
      Replace(Mutation::DropCondition, condition.span, "", old, std::move(without));
      Negate(old, body, i);
      InExpr(condition.body);
    }
  }

  template <typename Body>
  void Negate(const Statement& old, const Body& body, size_t i) {
    Body negated = body;
    auto& condition = negated.conditions[i];
    const bool was_when = condition.kind == ast::ConditionKind::When;
    condition.kind = was_when ? ast::ConditionKind::Unless : ast::ConditionKind::When;
    if (!condition.span.has_place()) return;
    std::string text(sources_.text(condition.span));
    const std::string_view word = was_when ? "when" : "unless";
    if (text.starts_with(word)) text = (was_when ? "unless" : "when") + text.substr(word.size());
    Replace(Mutation::NegateCondition, condition.span, std::move(text), old, std::move(negated));
  }

  // Slots stay: without one a template is none, and its links do not fit.
  template <typename Body>
  void Scope(const Statement& old, const Body& body) {
    for (size_t i = 0; i < 3; ++i) {
      Body wide = body;
      auto& constraint = i == 0 ? wide.scope.principal : i == 1 ? wide.scope.action : wide.scope.resource;
      if (constraint.op == ast::ScopeOp::Any || constraint.slot) continue;
      const Span span = constraint.span;
      constraint = {.op = ast::ScopeOp::Any, .type = {}, .slot = {}, .entities = {}, .is_list = false, .span = span};
      Replace(Mutation::WidenScope, span, std::string(VariableName(i)), old, std::move(wide));
    }
  }

  template <typename Body>
  void Obligations(const Statement& old, const Body& body) {
    if (!body.oblige) return;
    Body without = body;
    without.oblige.reset();
    Replace(Mutation::DropObligations, body.oblige->span, "", old, std::move(without));
  }

  void Approval(const std::optional<ast::Approval>& approval) {
    if (!approval) return;
    Quorum(approval->quorum);
    const auto* list = approval->by.has_value() ? std::get_if<ast::SetLit>(&ast_.expr(approval->by).node) : nullptr;
    const auto elements = list == nullptr ? std::vector<ExprId>{} : list->elements;
    for (size_t i = 0; elements.size() > 1 && i < elements.size(); ++i) {
      ast::SetLit fewer = {.elements = elements};
      fewer.elements.erase(fewer.elements.begin() + static_cast<std::ptrdiff_t>(i));
      Exchange(Mutation::DropApprover, approval->by, std::move(fewer));
    }
  }

  void Quorum(ExprId quorum) {
    const auto* number = quorum.has_value() ? std::get_if<ast::LongLit>(&ast_.expr(quorum).node) : nullptr;
    if (number != nullptr && number->value > 1) Exchange(Mutation::LowerQuorum, quorum, ast::LongLit{.value = number->value - 1});
  }

  void Limit(ExprId limit) {
    if (!limit.has_value()) return;
    const auto* number = std::get_if<ast::LongLit>(&ast_.expr(limit).node);
    if (number == nullptr) return DecimalLimit(limit);
    const int64_t value = number->value;
    if (value < INT64_MAX) Exchange(Mutation::RaiseLimit, limit, ast::LongLit{.value = value + 1});
    if (value > 0) Exchange(Mutation::LowerLimit, limit, ast::LongLit{.value = value - 1});
  }

  // By one in its last place: a limit in cents changes by a cent.
  void DecimalLimit(ExprId limit) {
    const auto text = ast::ConstructorText(ast_, limit, BuiltinId::DecimalParse, interner_);
    if (!text) return;
    const bool is_positive = text->find_first_of("123456789") != std::string_view::npos && !text->starts_with('-');
    const auto raised = ast::StepDecimal(*text, 1);
    const auto lowered = is_positive ? ast::StepDecimal(*text, -1) : std::nullopt;
    if (raised) Exchange(Mutation::RaiseLimit, limit, DecimalLiteral(limit, *raised));
    if (lowered) Exchange(Mutation::LowerLimit, limit, DecimalLiteral(limit, *lowered));
  }

  auto DecimalLiteral(ExprId place, const std::string& text) -> ast::ExprNode {
    const auto span = ast_.expr(place).span;
    const auto argument = ast_.Add({.span = span, .node = ast::StringLit{.text = interner_.Intern(text)}});
    return ast::Call{.builtin = BuiltinId::DecimalParse, .args = {argument}};
  }

  void Exchange(Mutation mutation, ExprId id, ast::ExprNode node) {
    auto mutant = ExprMutant(ast_, interner_, statement_, mutation, id, std::move(node));
    if (mutant.span.has_place()) out_.push_back(std::move(mutant));
  }

  template <typename Body>
  void Keys(const Statement& old, const Body& body) {
    for (size_t i = 0; i < body.per.size(); ++i) {
      Body fewer = body;
      fewer.per.erase(fewer.per.begin() + static_cast<std::ptrdiff_t>(i));
      Replace(Mutation::DropKey, ast_.expr(body.per[i]).span, "", old, std::move(fewer));
    }
  }

  // ---- of each kind

  void Of(const Statement& old, const ast::Policy& policy) {
    Common(old, policy);
    Obligations(old, policy);
    ast::Policy swapped = policy;
    const bool was_permit = policy.effect == ast::Effect::Permit;
    swapped.effect = was_permit ? ast::Effect::Forbid : ast::Effect::Permit;
    if (!was_permit || !policy.oblige)
      Replace(Mutation::SwapEffect, Keyword(old), was_permit ? "forbid" : "permit", old, std::move(swapped));
  }

  void Of(const Statement& old, const ast::Escalate& escalate) {
    Common(old, escalate);
    Obligations(old, escalate);
    Approval(escalate.approval);
  }

  void Of(const Statement& old, const ast::Restrict& restrict) {
    Common(old, restrict);
    Obligations(old, restrict);
    ast::Restrict other = restrict;
    other.level = restrict.level == Outcome::Deny ? Outcome::Draft : Outcome::Deny;
    Replace(Mutation::ChangeLevel, restrict.level_span, std::string(OutcomeName(other.level)), old, std::move(other));
  }

  void Of(const Statement& old, const ast::Budget& budget) {
    Common(old, budget);
    Limit(budget.limit);
    Keys(old, budget);
    if (budget.charge.has_value()) {
      ast::Budget ones = budget;
      ones.charge = {};
      Replace(Mutation::DropCharge, ast_.expr(budget.charge).span, "1", old, std::move(ones));
      InExpr(budget.charge);
    }
    if (budget.window.kind != ast::WindowKind::Lifetime) {
      ast::Budget longer = budget;
      longer.window = LongerWindow(budget.window);
      auto text = WindowText(longer.window.kind);
      Replace(Mutation::ChangeWindow, budget.window.span, std::move(text), old, std::move(longer));
    }
    Consequence(old, budget, budget.exceeded, &ast::Budget::exceeded);
  }

  void Of(const Statement& old, const ast::Breaker& breaker) {
    Common(old, breaker);
    Keys(old, breaker);
    InExpr(breaker.trip);
    Consequence(old, breaker, breaker.open, &ast::Breaker::open);
  }

  void Of(const Statement&, const ast::Assert&) {}
  void Of(const Statement&, const ast::Test&) {}

  template <typename Body>
  void Consequence(const Statement& old, const Body& body, const std::optional<ast::Consequence>& consequence,
                   std::optional<ast::Consequence> Body::* member) {
    if (!consequence || consequence->kind == ast::ConsequenceKind::Deny) return;
    Approval(consequence->approval);
    Body without = body;
    (without.*member).reset();
    Replace(Mutation::DropConsequence, consequence->span, "", old, std::move(without));
  }

  // `permit`, behind the annotations.
  auto Keyword(const Statement& old) const -> Span {
    Span span = old.span;
    if (!old.annotations.empty()) span.begin = old.annotations.back().span.end;
    const auto word = ast::StatementKeyword(old);
    const auto found = span.has_place() ? sources_.text(span).find(word) : std::string_view::npos;
    if (found == std::string_view::npos) return {};
    span.begin += static_cast<uint32_t>(found);
    span.end = span.begin + static_cast<uint32_t>(word.size());
    return span;
  }

  ast::Ast& ast_;
  Interner& interner_;
  const SourceManager& sources_;
  ExprId never_;
  uint32_t statement_;
  std::vector<Mutant>& out_;
};

}  // namespace

auto MutationCode(Mutation mutation) -> std::string_view { return kRows[static_cast<size_t>(mutation)].code; }
auto MutationText(Mutation mutation) -> std::string_view { return kRows[static_cast<size_t>(mutation)].text; }

auto FindMutants(ast::Ast& ast, Interner& interner, const SourceManager& sources) -> std::vector<Mutant> {
  std::vector<Mutant> mutants;
  const ExprId never = ast.Add({.span = {}, .node = ast::BoolLit{.value = false}});
  const auto count = static_cast<uint32_t>(ast.statements.size());
  for (uint32_t i = 0; i < count; ++i) {
    const auto& statement = ast.statements[i];
    if (!statement.span.has_place() || !coverage::IsCovered(statement)) continue;
    if (IsBuiltinName(sources.file(statement.span.file).name())) continue;
    StatementMutants(ast, interner, sources, never, i, mutants).Run();
  }
  return mutants;
}

Applied::Applied(ast::Ast& ast, const Mutant& mutant) : ast_(ast), mutant_(mutant) {
  if (mutant.expr.has_value()) {
    old_expr_ = ast.exprs[mutant.expr.value];
    ast.exprs[mutant.expr.value] = mutant.new_expr;
  } else {
    old_statement_ = ast.statements[mutant.statement];
    ast.statements[mutant.statement] = mutant.new_statement;
  }
}

Applied::~Applied() {
  if (mutant_.expr.has_value())
    ast_.exprs[mutant_.expr.value] = std::move(old_expr_);
  else
    ast_.statements[mutant_.statement] = std::move(old_statement_);
}

}  // namespace remit::mutation
