// Conditions that cannot hold, or always do.
//
// A condition is taken apart at its `&&`; what it then says of one and the same expression is put together: values it must equal, bounds it must
// keep, whether it must be true or false.
#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "compiler/ast/comparison.h"
#include "compiler/ast/printer.h"
#include "compiler/ast/spelling.h"
#include "compiler/lint/literals.h"
#include "compiler/lint/passes.h"

namespace remit::lint {
namespace {

using ast::BinaryOp;

struct Conjunct {
  ast::ExprId expr;
  bool is_true;  // what it must be
};

// The parts of `x && (y && z)`, and of `unless { x || y }`. In no order.
void Split(const LintContext& context, Conjunct whole, std::vector<Conjunct>& parts) {
  std::vector<Conjunct> pending = {whole};
  while (!pending.empty()) {
    const auto [id, is_true] = pending.back();
    pending.pop_back();
    const auto& node = context.expr(id).node;
    const auto* binary = std::get_if<ast::Binary>(&node);
    const auto* unary = std::get_if<ast::Unary>(&node);
    if (binary != nullptr && binary->op == (is_true ? BinaryOp::And : BinaryOp::Or)) {
      pending.push_back({binary->left, is_true});
      pending.push_back({binary->right, is_true});
    } else if (unary != nullptr && unary->op == ast::UnaryOp::Not) {
      pending.push_back({unary->operand, !is_true});
    } else {
      parts.push_back({id, is_true});
    }
  }
}

// With the operands exchanged.
auto Mirror(BinaryOp op) -> BinaryOp {
  if (op == BinaryOp::Less) return BinaryOp::Greater;
  if (op == BinaryOp::LessEq) return BinaryOp::GreaterEq;
  if (op == BinaryOp::Greater) return BinaryOp::Less;
  if (op == BinaryOp::GreaterEq) return BinaryOp::LessEq;
  return op;
}

// What is known of one expression where all conjuncts hold.
struct Facts {
  int64_t lower = std::numeric_limits<int64_t>::min();
  int64_t upper = std::numeric_limits<int64_t>::max();
  std::optional<std::string> equal;  // the literal as text
  std::set<std::string> unequal;
  std::optional<bool> truth;
};

class ConditionLinter {
 public:
  ConditionLinter(LintContext& context, const StatementView& view) : context_(context), view_(view) {}

  // Whether it was found that the statement is never satisfied.
  auto Run() -> bool {
    for (const auto& condition : *view_.conditions) {
      const bool is_when = condition.kind == ast::ConditionKind::When;
      if (const auto value = BoolOf(context_, condition.body)) {
        *value == is_when ? ReportAlways(condition) : ReportNever(condition.span, "the condition is constant");
        continue;
      }
      Split(context_, {.expr = condition.body, .is_true = is_when}, parts_);
    }
    TakeScope();
    for (const auto& part : parts_) {
      if (const auto problem = Take(part)) {
        ReportNever(context_.expr(part.expr).span, *problem);
        break;
      }
    }
    if (!is_never_) ReportScopeConditions();
    return is_never_;
  }

 private:
  using Problem = std::optional<std::string>;

  void ReportNever(Span span, std::string_view why) {
    is_never_ = true;
    context_.Report(Rule::NeverSatisfied, view_.index, span, ast::StatementKeyword(view_.statement), why);
  }

  // The condition and the white space before it go.
  void ReportAlways(const ast::Condition& condition) {
    auto& finding = context_.Report(Rule::AlwaysTrue, view_.index, condition.span);
    if (!condition.span.has_place()) return;
    Span span = condition.span;
    const auto text = context_.sources().file(span.file).text();
    while (span.begin > 0 && (text[span.begin - 1] == ' ' || text[span.begin - 1] == '\n' || text[span.begin - 1] == '\t')) --span.begin;
    finding.fix = {{.span = span, .text = ""}};
  }

  auto KeyOf(ast::ExprId id) const -> std::string { return ast::PrintExpr(context_.ast(), id, context_.interner()); }

  void TakeScope() {
    const auto take = [&](std::string_view name, const ast::ScopeConstraint& constraint) {
      if (constraint.op == ast::ScopeOp::Eq && !constraint.entities.empty()) {
        facts_[std::string(name)].equal = FormatEntityUid(constraint.entities[0], context_.interner());
      }
    };
    take("principal", view_.scope->principal);
    take("action", view_.scope->action);
    take("resource", view_.scope->resource);
  }

  auto Take(const Conjunct& part) -> Problem {
    const auto* binary = std::get_if<ast::Binary>(&context_.expr(part.expr).node);
    const auto negated = binary != nullptr ? ast::Negated(binary->op) : std::nullopt;
    if (!negated) return TakeTruth(part);
    const auto op = part.is_true ? binary->op : *negated;
    if (IsLiteral(context_, binary->right)) return Compare(binary->left, op, binary->right);
    if (IsLiteral(context_, binary->left)) {
      return Compare(binary->right, Mirror(op), binary->left);
    }
    return TakeTruth(part);
  }

  auto TakeTruth(const Conjunct& part) -> Problem {
    if (const auto value = BoolOf(context_, part.expr)) {
      return *value == part.is_true ? Problem{} : Problem{"a part of it is constant"};
    }
    const auto key = KeyOf(part.expr);
    auto& truth = facts_[key].truth;
    if (truth && *truth != part.is_true) return fmt::format("`{}` would have to be both true and false", key);
    truth = part.is_true;
    return {};
  }

  auto Compare(ast::ExprId subject, BinaryOp op, ast::ExprId literal) -> Problem {
    const auto key = KeyOf(subject);
    auto& facts = facts_[key];
    if (const auto number = LongOf(context_, literal)) {
      if (!Narrow(facts, op, *number)) return fmt::format("no number is what `{}` would have to be", key);
    }
    const auto text = KeyOf(literal);
    if (op == BinaryOp::Eq) {
      if (facts.unequal.contains(text) || (facts.equal && *facts.equal != text))
        return fmt::format("`{}` would have to be two things", key);
      facts.equal = text;
    } else if (op == BinaryOp::NotEq) {
      if (facts.equal == text) return fmt::format("`{}` would have to be `{}` and not be it", key, text);
      facts.unequal.insert(text);
    }
    return {};
  }

  // False if nothing is left.
  static auto Narrow(Facts& facts, BinaryOp op, int64_t number) -> bool {
    if (op == BinaryOp::Less && number == std::numeric_limits<int64_t>::min()) return false;
    if (op == BinaryOp::Greater && number == std::numeric_limits<int64_t>::max()) return false;
    if (op == BinaryOp::Eq || op == BinaryOp::GreaterEq) facts.lower = std::max(facts.lower, number);
    if (op == BinaryOp::Greater) facts.lower = std::max(facts.lower, number + 1);
    if (op == BinaryOp::Eq || op == BinaryOp::LessEq) facts.upper = std::min(facts.upper, number);
    if (op == BinaryOp::Less) facts.upper = std::min(facts.upper, number - 1);
    return facts.lower <= facts.upper;
  }

  // `principal == X`, `resource in Y`, `principal is T` of a position that the scope leaves open.
  void ReportScopeConditions() {
    for (const auto& part : parts_) {
      if (!part.is_true) continue;
      if (const auto var = ScopeTest(part.expr); var && IsOpen(*var)) {
        context_.Report(Rule::ScopeInCondition, view_.index, context_.expr(part.expr).span, KeyOf(part.expr));
      }
    }
  }

  auto ScopeTest(ast::ExprId id) const -> std::optional<ast::Var> {
    const auto& node = context_.expr(id).node;
    if (const auto* is = std::get_if<ast::Is>(&node)) {
      const auto var = VariableOf(context_, is->object);
      return var == ast::Var::Action ? std::nullopt : var;
    }
    const auto* binary = std::get_if<ast::Binary>(&node);
    if (binary == nullptr || !EntityOf(context_, binary->right)) return std::nullopt;
    return binary->op == BinaryOp::Eq || binary->op == BinaryOp::In ? VariableOf(context_, binary->left) : std::nullopt;
  }

  auto IsOpen(ast::Var var) const -> bool {
    switch (var) {
      case ast::Var::Principal: return view_.scope->principal.op == ast::ScopeOp::Any;
      case ast::Var::Action: return view_.scope->action.op == ast::ScopeOp::Any;
      case ast::Var::Resource: return view_.scope->resource.op == ast::ScopeOp::Any;
      case ast::Var::Context: return false;
    }
    return false;
  }

  LintContext& context_;
  const StatementView& view_;
  bool is_never_ = false;
  std::vector<Conjunct> parts_;
  std::map<std::string, Facts, std::less<>> facts_;
};

// What types tell, where nothing was found by reading.
void ReportImpossible(LintContext& context, const StatementView& view) {
  if (context.typed() == nullptr || !context.typed()->statements()[view.index].impossible) return;
  context.Report(Rule::NeverSatisfied, view.index, view.statement.span, ast::StatementKeyword(view.statement), "by the schema's types");
}

}  // namespace

void LintConditions(LintContext& context) {
  for (const auto& view : context.statements()) {
    if (view.conditions == nullptr || view.As<ast::Assert>() != nullptr) continue;
    if (!ConditionLinter{context, view}.Run()) ReportImpossible(context, view);
  }
}

}  // namespace remit::lint
