// Breakers whose `trip` cannot hold, or holds after the first call.
//
// `trip` is a condition on two whole numbers, so it is tried: on every number of failures among a growing number of calls.
#include <algorithm>

#include "compiler/check/walk.h"
#include "compiler/lint/literals.h"
#include "compiler/lint/passes.h"

namespace remit::lint {
namespace {

using ast::BinaryOp;

// The value of `trip` for two counts. None: it says something that is not tried here, or overflows.
class TripCalculator {
 public:
  TripCalculator(const LintContext& context, int64_t calls, int64_t failures) : context_(context), calls_(calls), failures_(failures) {}

  auto Holds(ast::ExprId id) const -> std::optional<bool> {
    const auto& node = context_.expr(id).node;
    if (const auto value = BoolOf(context_, id)) return *value;
    if (const auto* unary = std::get_if<ast::Unary>(&node); unary != nullptr && unary->op == ast::UnaryOp::Not) {
      const auto operand = Holds(unary->operand);
      return operand ? std::optional(!*operand) : std::nullopt;
    }
    const auto* binary = std::get_if<ast::Binary>(&node);
    if (binary == nullptr) return std::nullopt;
    if (binary->op == BinaryOp::And || binary->op == BinaryOp::Or) return Logic(*binary);
    const auto left = Number(binary->left);
    const auto right = Number(binary->right);
    return left && right ? Compare(binary->op, *left, *right) : std::nullopt;
  }

 private:
  auto Logic(const ast::Binary& node) const -> std::optional<bool> {
    const auto left = Holds(node.left);
    if (!left || *left == (node.op == BinaryOp::Or)) return left;
    return Holds(node.right);
  }

  static auto Compare(BinaryOp op, int64_t left, int64_t right) -> std::optional<bool> {
    if (op == BinaryOp::Eq) return left == right;
    if (op == BinaryOp::NotEq) return left != right;
    if (op == BinaryOp::Less) return left < right;
    if (op == BinaryOp::LessEq) return left <= right;
    if (op == BinaryOp::Greater) return left > right;
    if (op == BinaryOp::GreaterEq) return left >= right;
    return std::nullopt;
  }

  auto Number(ast::ExprId id) const -> std::optional<int64_t> {
    if (const auto literal = LongOf(context_, id)) return literal;
    const auto& node = context_.expr(id).node;
    if (const auto* local = std::get_if<ast::LocalRef>(&node)) return context_.text(local->name) == "calls" ? calls_ : failures_;
    const auto* binary = std::get_if<ast::Binary>(&node);
    if (binary == nullptr) return std::nullopt;
    const auto left = Number(binary->left);
    const auto right = Number(binary->right);
    int64_t result = 0;
    if (!left || !right) return std::nullopt;
    const bool overflows = binary->op == BinaryOp::Add   ? __builtin_add_overflow(*left, *right, &result)
                           : binary->op == BinaryOp::Sub ? __builtin_sub_overflow(*left, *right, &result)
                           : binary->op == BinaryOp::Mul ? __builtin_mul_overflow(*left, *right, &result)
                                                         : true;
    return overflows ? std::nullopt : std::optional(result);
  }

  const LintContext& context_;
  int64_t calls_;
  int64_t failures_;
};

// Deep and long conditions are left alone: this is recursion, and it is repeated.
constexpr size_t kTriedExpressions = 64;

auto IsTried(const LintContext& context, ast::ExprId trip) -> bool {
  size_t count = 0;
  check::VisitExprs(context.ast(), {trip}, [&](ast::ExprId, const ast::Expr&) { ++count; });
  return count <= kTriedExpressions;
}

// Calls to try, and with each no failure, one, some, half, most and all. The literals of the condition and what is next to them count too.
auto CountsToTry(const LintContext& context, ast::ExprId trip) -> std::vector<int64_t> {
  std::vector<int64_t> counts = {1, 2, 3, 5, 10, 100, 1'000, 1'000'000};
  check::VisitExprs(context.ast(), {trip}, [&](ast::ExprId, const ast::Expr& expr) {
    const auto* literal = std::get_if<ast::LongLit>(&expr.node);
    if (literal == nullptr || literal->value <= 0 || literal->value > 1'000'000'000) return;
    for (const int64_t factor : {1, 2, 10}) {
      for (const int64_t offset : {-1, 0, 1}) counts.push_back(std::max<int64_t>(1, literal->value * factor + offset));
    }
  });
  return counts;
}

auto EverTrips(const LintContext& context, ast::ExprId trip) -> bool {
  const auto counts = CountsToTry(context, trip);
  for (const auto calls : counts) {
    for (const auto failures : {int64_t{0}, int64_t{1}, calls / 10, calls / 3, calls / 2, calls - 1, calls}) {
      const auto holds = TripCalculator{context, calls, failures}.Holds(trip);
      if (!holds || *holds) return true;
    }
    for (const auto failures : counts) {
      if (failures > calls) continue;
      const auto holds = TripCalculator{context, calls, failures}.Holds(trip);
      if (!holds || *holds) return true;
    }
  }
  return false;
}

}  // namespace

void LintBreakers(LintContext& context) {
  for (const auto& view : context.statements()) {
    const auto* breaker = view.As<ast::Breaker>();
    if (breaker == nullptr || !IsTried(context, breaker->trip)) continue;
    const auto span = context.expr(breaker->trip).span;
    if (!EverTrips(context, breaker->trip)) {
      context.Report(Rule::BreakerNeverTrips, view.index, span, "no number of failures among any number of calls makes it true");
    } else if (TripCalculator{context, 1, 1}.Holds(breaker->trip).value_or(false)) {
      context.Report(Rule::BreakerTripsAtOnce, view.index, span);
    }
  }
}

}  // namespace remit::lint
