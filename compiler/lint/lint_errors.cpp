// What fails when it is evaluated.
//
// With types: arithmetic that may overflow, and functions that refuse what they are given. Without: attributes and tags that nothing guards too.
#include <algorithm>
#include <set>

#include "compiler/ast/printer.h"
#include "compiler/ast/spelling.h"
#include "compiler/check/walk.h"
#include "compiler/lint/literals.h"
#include "compiler/lint/passes.h"

namespace remit::lint {
namespace {

using ast::BinaryOp;

auto RuleFor(const StatementView& view) -> std::optional<Rule> {
  if (view.IsForbid()) return Rule::ForbidCanFail;
  if (view.IsPermit()) return Rule::PermitCanFail;
  if (view.As<ast::Escalate>() != nullptr || view.As<ast::Restrict>() != nullptr || view.As<ast::Budget>() != nullptr)
    return Rule::CapCanFail;
  return std::nullopt;
}

class ErrorLinter {
 public:
  ErrorLinter(LintContext& context, const StatementView& view, Rule rule) : context_(context), view_(view), rule_(rule) {}

  void Run() {
    std::vector<ast::ExprId> roots;
    for (const auto& condition : *view_.conditions) roots.push_back(condition.body);
    if (context_.typed() == nullptr) CollectGuards(roots);
    check::VisitExprs(context_.ast(), roots, [&](ast::ExprId id, const ast::Expr& expr) {
      if (const auto why = WhyItFails(expr.node)) context_.Report(rule_, view_.index, context_.expr(id).span, *why);
    });
  }

 private:
  auto TextOf(ast::ExprId id) const -> std::string { return ast::PrintExpr(context_.ast(), id, context_.interner()); }

  // A guard anywhere in the statement counts: the linter does not say what only order would tell.
  void CollectGuards(const std::vector<ast::ExprId>& roots) {
    check::VisitExprs(context_.ast(), roots, [&](ast::ExprId, const ast::Expr& expr) {
      if (const auto* has = std::get_if<ast::HasAttr>(&expr.node)) {
        auto path = TextOf(has->object);
        for (const auto step : has->path) guards_.insert(path = fmt::format("{}.{}", path, context_.text(step)));
      } else if (const auto* binary = std::get_if<ast::Binary>(&expr.node); binary != nullptr && binary->op == BinaryOp::HasTag) {
        guards_.insert(fmt::format("{}[{}]", TextOf(binary->left), TextOf(binary->right)));
      }
    });
  }

  auto WhyItFails(const ast::ExprNode& node) const -> std::optional<std::string> {
    if (const auto* binary = std::get_if<ast::Binary>(&node)) return Operator(*binary);
    if (const auto* call = std::get_if<ast::Call>(&node)) return Call(*call);
    if (const auto* access = std::get_if<ast::GetAttr>(&node)) return Attribute(*access);
    return std::nullopt;
  }

  auto Operator(const ast::Binary& node) const -> std::optional<std::string> {
    const bool is_arithmetic = node.op == BinaryOp::Add || node.op == BinaryOp::Sub || node.op == BinaryOp::Mul;
    if (is_arithmetic && !(LongOf(context_, node.left) && LongOf(context_, node.right))) {
      return fmt::format("`{}` overflows for large numbers", ast::BinaryText(node.op));
    }
    const bool is_unguarded_tag = node.op == BinaryOp::GetTag && context_.typed() == nullptr &&
                                  !guards_.contains(fmt::format("{}[{}]", TextOf(node.left), TextOf(node.right)));
    return is_unguarded_tag ? std::optional<std::string>("the tag may be missing") : std::nullopt;
  }

  auto Call(const ast::Call& node) const -> std::optional<std::string> {
    const auto& builtin = GetBuiltin(node.builtin);
    const bool is_literal = std::ranges::all_of(node.args, [&](ast::ExprId arg) { return IsLiteral(context_, arg); });
    if (!builtin.signature.fallible || is_literal) return std::nullopt;
    // Methods of a value that was made of a literal are as certain as that.
    if (builtin.style == CallStyle::Method && !node.args.empty() && IsMadeOfLiterals(node.args[0])) return std::nullopt;
    return fmt::format("`{}` refuses some of what it may be given", builtin.name);
  }

  auto IsMadeOfLiterals(ast::ExprId id) const -> bool {
    const auto* call = std::get_if<ast::Call>(&context_.expr(id).node);
    return call != nullptr && std::ranges::all_of(call->args, [&](ast::ExprId arg) { return IsLiteral(context_, arg); });
  }

  auto Attribute(const ast::GetAttr& node) const -> std::optional<std::string> {
    if (context_.typed() != nullptr) return std::nullopt;
    const auto path = fmt::format("{}.{}", TextOf(node.object), context_.text(node.attr));
    return guards_.contains(path) ? std::nullopt : std::optional(fmt::format("`{}` may be missing", path));
  }

  LintContext& context_;
  const StatementView& view_;
  Rule rule_;
  std::set<std::string> guards_;
};

}  // namespace

void LintErrors(LintContext& context) {
  for (const auto& view : context.statements()) {
    const auto rule = RuleFor(view);
    if (!rule || !context.IsWanted(*rule)) continue;
    // Without types every attribute may be missing. Only of a `forbid` is that worth a finding each.
    if (context.typed() == nullptr && *rule == Rule::CapCanFail) continue;
    ErrorLinter{context, view, *rule}.Run();
  }
}

}  // namespace remit::lint
