#include "compiler/check/expr_checker.h"

#include <algorithm>

namespace remit::check {

auto ExprChecker::After(bool parts_ok, Answer answer) const -> Answer {
  if (parts_ok && answer.ok) return answer;
  return {.type = answer.type, .ok = false};
}

auto ExprChecker::Check(ast::ExprId id, const Known& prior) -> Answer {
  std::vector<ast::ExprId> spine;
  for (auto at = id; at.has_value(); at = LeftOperand(context_.ast.expr(at))) spine.push_back(at);
  Answer answer = CheckHead(spine.back(), prior);
  expr_types_[spine.back().value] = answer.type;
  for (size_t i = spine.size() - 1; i-- > 0;) {
    answer = Apply(spine[i], std::move(answer), prior);
    expr_types_[spine[i].value] = answer.type;
  }
  return answer;
}

auto ExprChecker::CheckAs(ast::ExprId id, std::initializer_list<TypeRef> expected, const Known& prior) -> Answer {
  return Expect(Check(id, prior), id, expected);
}

// As in Cedar, `c1 && (c2 && c3)`: what is known of a condition that is no Bool is nothing, whatever those after it are.
auto ExprChecker::CheckConditions(const std::vector<ast::Condition>& conditions) -> Answer {
  std::vector<Answer> answers;
  CapabilitySet certain;  // by the conditions so far
  for (const auto& condition : conditions) {
    Answer body = CheckAs(condition.body, {types().bool_type()}, {.own = &certain});
    answers.push_back(condition.kind == ast::ConditionKind::When ? std::move(body) : CheckNot(std::move(body), condition.body));
    if (answers.back().type == types().false_type()) break;
    certain.insert(answers.back().known.begin(), answers.back().known.end());
  }
  Answer all = answers.empty() ? Succeed(types().true_type()) : std::move(answers.back());
  for (size_t i = answers.empty() ? 0 : answers.size() - 1; i-- > 0;) all = Conjoin(std::move(answers[i]), std::move(all));
  return all.type.has_value() ? all : Fail(types().bool_type());
}

auto ExprChecker::Conjoin(Answer left, Answer right) -> Answer {
  const bool ok = left.ok && right.ok;
  if (!left.type.has_value() || !right.type.has_value()) return Fail(types().bool_type());
  if (right.type == types().false_type()) return After(ok, Succeed(right.type));
  if (right.type == types().true_type()) return After(ok, Succeed(left.type, Union(std::move(left.known), std::move(right.known))));
  // Cedar forgets what an always true left side made certain.
  if (left.type == types().true_type()) return After(ok, Succeed(right.type, std::move(right.known)));
  return After(ok, Succeed(types().bool_type(), Union(std::move(left.known), std::move(right.known))));
}

// ---- heads and operators -------------------------------------------------------------------------------------------

struct ExprChecker::HeadVisitor {
  ExprChecker& checker;
  ast::ExprId id;
  const Known& prior;

  auto operator()(const ast::BoolLit& node) const -> Answer { return checker.Succeed(checker.types().Bool(node.value)); }
  auto operator()(const ast::LongLit&) const -> Answer { return checker.Succeed(checker.types().long_type()); }
  auto operator()(const ast::StringLit&) const -> Answer { return checker.Succeed(checker.types().string_type()); }
  auto operator()(const ast::EntityLit& node) const -> Answer { return checker.CheckEntityLiteral(node); }
  auto operator()(const ast::VarRef& node) const -> Answer { return checker.CheckVariable(id, node.var); }
  auto operator()(const ast::SlotRef&) const -> Answer { return checker.Succeed(checker.types().any_entity()); }
  auto operator()(const ast::LocalRef& node) const -> Answer { return checker.CheckLocal(id, node); }
  auto operator()(const ast::If& node) const -> Answer { return checker.CheckIf(id, node, prior); }
  auto operator()(const ast::SetLit& node) const -> Answer { return checker.CheckSet(id, node, prior); }
  auto operator()(const ast::RecordLit& node) const -> Answer { return checker.CheckRecord(node, prior); }
  auto operator()(const ast::Call& node) const -> Answer { return checker.CheckCall(id, node, std::nullopt, prior); }
  auto operator()(const ast::UnknownCall& node) const -> Answer {
    checker.context_.findings.Report(DiagnosticCode::UnknownFunction, checker.span(id), checker.context_.interner.text(node.function));
    return checker.Fail();
  }
  auto operator()(const ast::StateRead& node) const -> Answer { return checker.CheckStateRead(id, node, prior); }
  auto operator()(const ast::StateHas& node) const -> Answer { return checker.CheckStateHas(id, node); }
  auto operator()(const ast::Unary& node) const -> Answer {
    Answer operand = checker.Check(node.operand, prior);
    if (node.op == ast::UnaryOp::Not) return checker.CheckNot(std::move(operand), node.operand);
    operand = checker.Expect(std::move(operand), node.operand, {checker.types().long_type()});
    return checker.After(operand.ok, checker.Succeed(checker.types().long_type()));
  }

  // These have a left operand and are applied to it.
  template <typename Node>
  auto operator()(const Node&) const -> Answer {
    return checker.Fail();
  }
};

auto ExprChecker::CheckHead(ast::ExprId id, const Known& prior) -> Answer {
  return std::visit(HeadVisitor{.checker = *this, .id = id, .prior = prior}, node(id));
}

struct ExprChecker::ApplyVisitor {
  ExprChecker& checker;
  ast::ExprId id;
  Answer left;
  const Known& prior;

  auto operator()(const ast::Binary& node) -> Answer { return checker.CheckBinary(id, node, std::move(left), prior); }
  auto operator()(const ast::GetAttr& node) -> Answer {
    const Object object{.place = id, .text = node.object, .shape = checker.context_.shapes.Of(node.object)};
    return checker.CheckGetAttr(object, std::move(left), node.attr, prior);
  }
  auto operator()(const ast::HasAttr& node) -> Answer { return checker.CheckHasPath(id, node, std::move(left), prior); }
  auto operator()(const ast::Is& node) -> Answer { return checker.CheckIs(node, std::move(left), prior); }
  auto operator()(const ast::Quantifier& node) -> Answer { return checker.CheckQuantifier(node, std::move(left), prior); }
  auto operator()(const ast::Call& node) -> Answer { return checker.CheckCall(id, node, std::move(left), prior); }
  auto operator()(const ast::Like& node) -> Answer {
    const auto help = [](TypeKind found) -> std::string_view {
      return found == TypeKind::Entity || found == TypeKind::AnyEntity ? "`is` tells the type of an entity" : "";
    };
    const Answer text = checker.Expect(std::move(left), node.text, {checker.types().string_type()}, help);
    return checker.After(text.ok, checker.Succeed(checker.types().bool_type()));
  }
  auto operator()(const ast::Unary& node) -> Answer {
    if (node.op == ast::UnaryOp::Size) {
      const Answer counted = checker.Expect(std::move(left), node.operand, {checker.types().any_set(), checker.types().string_type()});
      return checker.After(counted.ok, checker.Succeed(checker.types().long_type()));
    }
    const auto help = [](TypeKind found) -> std::string_view { return found == TypeKind::String ? "a text is empty if it `== \"\"`" : ""; };
    const Answer set = checker.Expect(std::move(left), node.operand, {checker.types().any_set()}, help);
    return checker.After(set.ok, checker.Succeed(checker.types().bool_type()));
  }

  // The rest has no left operand.
  template <typename Node>
  auto operator()(const Node&) -> Answer {
    return checker.Fail();
  }
};

auto ExprChecker::Apply(ast::ExprId id, Answer left, const Known& prior) -> Answer {
  return std::visit(ApplyVisitor{.checker = *this, .id = id, .left = std::move(left), .prior = prior}, node(id));
}

// ---- expectations --------------------------------------------------------------------------------------------------

// Permissive even in strict mode: it asks for "some record" or "some entity", and those are wider than any.
auto ExprChecker::Expect(Answer answer, ast::ExprId place, std::initializer_list<TypeRef> expected, HelpFor help) -> Answer {
  if (!answer.type.has_value()) return Fail();
  const bool fits = std::ranges::any_of(expected, [&](TypeRef each) { return types().IsSubtype(answer.type, each, Mode::Permissive); });
  if (fits) return answer;
  auto& diagnostic = ReportUnexpected(place, expected, answer.type);
  if (help != nullptr) diagnostic.help = help(kind(answer.type));
  if (diagnostic.help.empty()) diagnostic.help = HelpForType(place, *expected.begin(), answer.type);
  return Fail();
}

auto ExprChecker::ReportUnexpected(ast::ExprId place, std::initializer_list<TypeRef> expected, TypeRef found) -> Diagnostic& {
  std::string wanted;
  for (const TypeRef each : expected) {
    if (!wanted.empty()) wanted += each == *(expected.end() - 1) ? " or " : ", ";
    wanted += each == types().any_record() ? "a record" : each == types().any_set() ? "a set" : name(each);
  }
  return context_.findings.Report(DiagnosticCode::UnexpectedType, span(place), wanted, name(found));
}

auto ExprChecker::JoinAll(const std::vector<TypeRef>& all, ast::ExprId place) -> std::optional<TypeRef> {
  if (std::ranges::any_of(all, [](TypeRef each) { return !each.has_value(); })) return std::nullopt;
  TypeRef joined = types().never();
  for (const TypeRef each : all) {
    const auto next = types().Join(joined, each, context_.mode);
    if (!next) {
      ReportMismatch(place, joined, each);
      return std::nullopt;
    }
    joined = *next;
  }
  return joined;
}

auto ExprChecker::ReportMismatch(ast::ExprId place, TypeRef a, TypeRef b) -> Diagnostic& {
  const auto reason = types().mismatch();
  auto& diagnostic = context_.findings.Report(DiagnosticCode::IncompatibleTypes, span(place), name(a), name(b));
  diagnostic.help = HelpForMismatch(place, a, b, reason);
  return diagnostic;
}

auto ExprChecker::TextOf(ast::ExprId id) const -> std::string {
  constexpr uint32_t kMostShown = 60;
  if (!id.has_value()) return {};
  const Span place = span(id);
  if (!place.has_place() || place.end - place.begin > kMostShown) return {};
  return std::string{context_.sources.text(place)};
}

}  // namespace remit::check
