#include "compiler/parse/calls.h"

#include <algorithm>
#include <array>
#include <variant>

#include "compiler/ast/literal_arguments.h"
#include "compiler/parse/names.h"
#include "runtime/base/did_you_mean.h"
#include "stdlib/builtin.h"

namespace remit::parse {
namespace {

// Methods that are operators of the language; the others are rows of builtins.def. Unary ones take no argument.
struct OperatorMethod {
  std::string_view name;
  std::variant<ast::UnaryOp, ast::BinaryOp> op;
};
constexpr auto kOperatorMethods = std::to_array<OperatorMethod>({
    {"contains", ast::BinaryOp::Contains},
    {"containsAll", ast::BinaryOp::ContainsAll},
    {"containsAny", ast::BinaryOp::ContainsAny},
    {"isEmpty", ast::UnaryOp::IsEmpty},
    {"size", ast::UnaryOp::Size},
    {"getTag", ast::BinaryOp::GetTag},
    {"hasTag", ast::BinaryOp::HasTag},
});

auto FindOperatorMethod(std::string_view name) -> const OperatorMethod* {
  const auto* found = std::ranges::find(kOperatorMethods, name, &OperatorMethod::name);
  return found == kOperatorMethods.end() ? nullptr : found;
}

auto QuantifierOf(std::string_view name) -> std::optional<ast::QuantifierKind> {
  if (name == "any") return ast::QuantifierKind::Any;
  if (name == "all") return ast::QuantifierKind::All;
  return std::nullopt;
}

auto Names(CallStyle style) -> std::vector<std::string_view> {
  std::vector<std::string_view> names;
  for (const auto& builtin : AllBuiltins()) {
    if (builtin.style == style) names.push_back(builtin.name);
  }
  if (style == CallStyle::Method) {
    for (const auto& method : kOperatorMethods) names.push_back(method.name);
    names.insert(names.end(), {"any", "all"});
  }
  return names;
}

auto SimilarCall(std::string_view name, CallStyle style) -> std::string { return remit::DidYouMean(name, Names(style)); }

auto OperatorCall(Conversion& c, const OperatorMethod& method, ast::ExprId receiver, Span span, const std::vector<ast::ExprId>& args)
    -> ast::ExprId {
  const auto* unary = std::get_if<ast::UnaryOp>(&method.op);
  const size_t expected = unary == nullptr ? 1 : 0;
  if (args.size() != expected) {
    c.Report(DiagnosticCode::WrongArgumentCount, span, method.name, expected, expected == 1 ? "" : "s", args.size());
    return {};
  }
  if (unary != nullptr) return c.Add(span, ast::Unary{.op = *unary, .operand = receiver});
  return c.Add(span, ast::Binary{.op = std::get<ast::BinaryOp>(method.op), .left = receiver, .right = args[0]});
}

auto BuiltinCall(Conversion& c, ast::Call call, Span span) -> ast::ExprId {
  if (const auto problem = ast::FindLiteralProblem(c.ast, c.context.interner, call)) {
    c.Report(problem->code, problem->span, problem->subject, problem->detail).help = problem->help;
    return {};
  }
  return c.Add(span, std::move(call));
}

// ---- quantifiers ---------------------------------------------------------------------------------------------------

auto ToBoundName(Conversion& c, Rule* argument, std::string_view method) -> std::optional<SymbolId> {
  auto* primary = OnlyPrimary(argument);
  auto* name = primary == nullptr ? nullptr : primary->name();
  if (name == nullptr || !IsSimple(name)) {
    c.Report(DiagnosticCode::InvalidQuantifier, c.SpanOf(argument), method).help = fmt::format("write `.{}(x, condition on x)`", method);
    return std::nullopt;
  }
  const auto text = c.TextOf(name);
  if (FindVariable(text) || c.IsLocal(text)) {
    c.Report(DiagnosticCode::ShadowedVariable, c.SpanOf(name), text).help = "choose another name";
    return std::nullopt;
  }
  return ToIdentifier(c, name);
}

auto ToQuantifier(Conversion& c, ast::QuantifierKind kind, ast::ExprId set, std::string_view method, Span span,
                  Grammar::ExpressionsContext* args) -> ast::ExprId {
  const size_t count = args == nullptr ? 0 : (args->children.size() + 1) / 2;
  if (count != 2) {
    c.Report(DiagnosticCode::InvalidQuantifier, span, method).help = fmt::format("write `.{}(x, condition on x)`", method);
    return {};
  }
  const auto variable = ToBoundName(c, AsRule(args->children[0]), method);
  if (!variable) return {};
  c.locals.push_back(*variable);
  const auto body = ToExpr(c, AsRule(args->children[2]));
  c.locals.pop_back();
  if (!body.has_value()) return {};
  return c.Add(span, ast::Quantifier{.kind = kind, .set = set, .variable = *variable, .body = body});
}

}  // namespace

auto ToFunctionCall(Conversion& c, Grammar::NameContext* name, Span span, Grammar::ExpressionsContext* args) -> ast::ExprId {
  auto exprs = ToExprs(c, args);
  const auto text = *ToName(c, name);
  const auto* builtin = FindBuiltin(text, CallStyle::Function);
  const bool is_method = FindBuiltin(text, CallStyle::Method) != nullptr || FindOperatorMethod(text) != nullptr || QuantifierOf(text);
  if (builtin == nullptr && is_method) {
    c.Report(DiagnosticCode::MethodCalledAsFunction, c.SpanOf(name), text).help = fmt::format("write `x.{}(..)`", text);
    return {};
  }
  if (builtin == nullptr) {
    c.Report(DiagnosticCode::UnknownFunction, c.SpanOf(name), Clip(text)).help = SimilarCall(text, CallStyle::Function);
    return {};
  }
  return exprs ? BuiltinCall(c, {.builtin = builtin->id, .args = *std::move(exprs)}, span) : ast::ExprId{};
}

auto ToMethodCall(Conversion& c, ast::ExprId receiver, Grammar::AnyWordContext* method, Span span, Grammar::ExpressionsContext* args)
    -> ast::ExprId {
  if (!ToIdentifier(c, method)) return {};
  const auto text = c.TextOf(method);
  if (const auto kind = QuantifierOf(text)) return ToQuantifier(c, *kind, receiver, text, span, args);
  auto exprs = ToExprs(c, args);
  const auto* operation = FindOperatorMethod(text);
  const auto* builtin = FindBuiltin(text, CallStyle::Method);
  const bool is_function = FindBuiltin(text, CallStyle::Function) != nullptr;
  if (operation == nullptr && builtin == nullptr && !is_function) {
    c.Report(DiagnosticCode::UnknownMethod, c.SpanOf(method), Clip(text)).help = SimilarCall(text, CallStyle::Method);
    return {};
  }
  if (operation == nullptr && builtin == nullptr) {
    c.Report(DiagnosticCode::FunctionCalledAsMethod, c.SpanOf(method), text).help = fmt::format("write `{}(..)`", text);
    return {};
  }
  if (!exprs) return {};
  if (operation != nullptr) return OperatorCall(c, *operation, receiver, span, *exprs);
  exprs->insert(exprs->begin(), receiver);
  return BuiltinCall(c, {.builtin = builtin->id, .args = *std::move(exprs)}, span);
}

}  // namespace remit::parse
