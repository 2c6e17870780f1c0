// Variables, literals and calls of builtins.
#include <algorithm>

#include "compiler/ast/spelling.h"
#include "compiler/check/expr_checker.h"
#include "compiler/check/literal_text.h"
#include "runtime/base/text.h"

namespace remit::check {

auto ExprChecker::CheckVariable(ast::ExprId id, ast::Var var) -> Answer {
  if (environment_.action == nullptr) {
    context_.findings.Report(DiagnosticCode::VariableOutsideRequest, span(id), ast::VarName(var));
    return Fail();
  }
  switch (var) {
    case ast::Var::Principal: return Succeed(environment_.principal_type);
    case ast::Var::Action: return Succeed(environment_.action_type);
    case ast::Var::Resource: return Succeed(environment_.resource_type);
    case ast::Var::Context: return Succeed(environment_.context_type);
  }
  return Fail();
}

auto ExprChecker::CheckLocal(ast::ExprId id, const ast::LocalRef& node) -> Answer {
  const auto it = std::find_if(locals_.rbegin(), locals_.rend(), [&](const auto& local) { return local.first == node.name; });
  if (it == locals_.rend()) {
    context_.findings.Report(DiagnosticCode::UnknownVariable, span(id), context_.interner.text(node.name));
    return Fail();
  }
  return it->second.has_value() ? Succeed(it->second) : Fail();
}

// An unknown type or action has been reported with the names of the statement.
auto ExprChecker::CheckEntityLiteral(const ast::EntityLit& node) -> Answer {
  const TypeRef type = context_.schema.TypeOfLiteral(node.uid);
  return type.has_value() ? Succeed(type) : Fail();
}

auto ExprChecker::CheckSet(ast::ExprId id, const ast::SetLit& node, const Known& prior) -> Answer {
  std::vector<TypeRef> elements;
  bool ok = true;
  for (const auto element : node.elements) {
    const Answer answer = Check(element, prior);
    elements.push_back(answer.type);
    ok = ok && answer.ok;
  }
  if (elements.empty() && is_strict()) {
    context_.findings.Report(DiagnosticCode::EmptySet, span(id)).help =
        "`.isEmpty()` asks whether a set has no elements; permissive checking lets `[]` be";
    return Fail();
  }
  const auto joined = JoinAll(elements, id);
  return joined ? After(ok, Succeed(types().SetOf(*joined))) : Fail();
}

auto ExprChecker::CheckRecord(const ast::RecordLit& node, const Known& prior) -> Answer {
  std::vector<FieldType> fields;
  bool ok = true;
  bool is_known = true;
  for (const auto& entry : node.entries) {
    const Answer answer = Check(entry.value, prior);
    fields.push_back({.key = entry.key, .type = answer.type});
    ok = ok && answer.ok;
    is_known = is_known && answer.type.has_value();
  }
  return is_known ? After(ok, Succeed(types().RecordOf(std::move(fields)))) : Fail();
}

// ---- calls ---------------------------------------------------------------------------------------------------------

auto ExprChecker::CheckCall(ast::ExprId id, const ast::Call& node, std::optional<Answer> receiver, const Known& prior) -> Answer {
  const auto& builtin = GetBuiltin(node.builtin);
  const auto& signature = builtin.signature;
  // `unknown` may stand for a value of any type.
  TypeRef result = node.builtin == BuiltinId::Unknown ? types().never() : types().OfKind(signature.result);
  if (signature.element) result = types().SetOf(types().OfKind(*signature.element));
  const bool fits = signature.arity == node.args.size();
  if (!fits) {
    const size_t own = builtin.style == CallStyle::Method ? 1 : 0;  // the receiver is not in the brackets
    const size_t wanted = signature.arity - own;
    context_.findings.Report(DiagnosticCode::WrongArgumentCount, span(id), builtin.name, wanted, wanted == 1 ? "" : "s",
                             node.args.size() - std::min(own, node.args.size()));
  }
  bool ok = fits && CheckLiteralArguments(id, node);
  for (size_t i = 0; i < node.args.size(); ++i) {
    Answer arg = i == 0 && receiver ? std::move(*receiver) : Check(node.args[i], prior);
    // Cedar looks no further into a call that has gone wrong already.
    if (fits && (ok || i > 0)) arg = ExpectArgument(std::move(arg), node, i);
    ok = ok && arg.ok;
  }
  return After(ok, Succeed(result));
}

auto ExprChecker::ExpectArgument(Answer arg, const ast::Call& node, size_t position) -> Answer {
  const auto& builtin = GetBuiltin(node.builtin);
  const TypeRef wanted = types().OfKind(builtin.signature.params[position]);
  if (!arg.type.has_value() || types().IsSubtype(arg.type, wanted, Mode::Permissive))
    return Expect(std::move(arg), node.args[position], {wanted});
  auto& diagnostic = ReportUnexpected(node.args[position], {wanted}, arg.type);
  diagnostic.help = HelpForType(node.args[position], wanted, arg.type);
  if (diagnostic.help.empty()) diagnostic.help = fmt::format("`{}` takes {}", builtin.name, name(wanted));
  return Fail();
}

// Constructors of Cedar's extension types take literals in strict mode. Remit's take any string, since requests carry strings. Either way a
// literal is tried at once.
auto ExprChecker::CheckLiteralArguments(ast::ExprId id, const ast::Call& node) -> bool {
  const auto& builtin = GetBuiltin(node.builtin);
  if (!builtin.is_constructor) return true;
  const auto is_literal = [&](ast::ExprId arg) {
    const auto& at = context_.ast.expr(arg).node;
    return std::holds_alternative<ast::StringLit>(at) || std::holds_alternative<ast::BoolLit>(at) ||
           std::holds_alternative<ast::LongLit>(at) || std::holds_alternative<ast::EntityLit>(at);
  };
  if (is_strict() && builtin.is_cedar && !std::ranges::all_of(node.args, is_literal)) {
    auto& diagnostic = context_.findings.Report(DiagnosticCode::NonLiteralConstructor, span(id), builtin.name);
    diagnostic.help = "let the schema say that the attribute is one: it is then read as such from JSON";
    return false;
  }
  const auto* text = node.args.size() == 1 ? std::get_if<ast::StringLit>(&context_.ast.expr(node.args[0]).node) : nullptr;
  if (text == nullptr) return true;
  Arena arena;
  const auto made = Construct(node.builtin, text->text, context_.interner, arena);
  if (made) return true;
  context_.findings
      .Report(DiagnosticCode::InvalidExtensionLiteral, span(id), EscapeString(context_.interner.text(text->text)), builtin.name)
      .help = made.error();
  return false;
}

}  // namespace remit::check
