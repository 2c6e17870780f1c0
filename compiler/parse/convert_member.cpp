// Expressions: a primary and its accesses, `.field`, `["field"]`, `(..)`. Methods are a field and the call behind it.
#include "compiler/parse/calls.h"
#include "compiler/parse/literals.h"
#include "compiler/parse/names.h"
#include "compiler/parse/operand.h"
#include "compiler/parse/state.h"

namespace remit::parse {
namespace {

class Accesses {
 public:
  Accesses(Conversion& c, Grammar::MemberContext* member) : c_(c), member_(member) {}

  auto Convert(const Operand& head) -> ast::ExprId;

 private:
  auto Count() const -> size_t { return member_->children.size() - 1; }
  auto At(size_t index) const -> Grammar::AccessContext* { return static_cast<Grammar::AccessContext*>(member_->children[index + 1]); }
  auto Opens(size_t index) const -> size_t { return index < Count() ? TokenType(At(index)->children[0]) : 0; }
  auto IsCall(size_t index) const -> bool { return Opens(index) == Grammar::LEFT_PAREN; }
  // From the head to the access at `index`.
  auto SpanTo(size_t index) const -> Span { return c_.SpanOver(member_, At(index)); }

  auto Head(const Operand& head) -> ast::ExprId;
  auto NameHead(const Operand& head) -> ast::ExprId;
  auto Next(ast::ExprId object) -> ast::ExprId;
  auto Index(ast::ExprId object) -> ast::ExprId;

  Conversion& c_;
  Grammar::MemberContext* member_;
  size_t next_ = 0;  // the access to convert next
};

auto Accesses::Convert(const Operand& head) -> ast::ExprId {
  auto object = Head(head);
  while (object.has_value() && next_ < Count()) object = Next(object);
  return object;
}

// The head and those accesses that only mean something together with it.
auto Accesses::Head(const Operand& head) -> ast::ExprId {
  if (head.kind == Operand::Kind::Name && !(IsSimple(head.name) && c_.IsLocal(c_.TextOf(head.name)))) return NameHead(head);
  if (head.kind == Operand::Kind::Variable && IsCall(0)) {
    c_.Report(DiagnosticCode::VariableCalled, SpanTo(0), c_.TextOf(AsRule(member_->children[0])));
    return {};
  }
  return IntoExpr(c_, head);
}

auto Accesses::NameHead(const Operand& head) -> ast::ExprId {
  if (IsCall(0)) {
    ++next_;
    return ToFunctionCall(c_, head.name, SpanTo(0), At(0)->expressions());
  }
  if (const auto state = FindState(c_, head)) {
    next_ += 2;
    return ToStateRead(c_, *state, member_);
  }
  return IntoExpr(c_, head);
}

auto Accesses::Next(ast::ExprId object) -> ast::ExprId {
  const size_t index = next_++;
  auto* access = At(index);
  switch (Opens(index)) {
    case Grammar::LEFT_BRACKET: return Index(object);
    case Grammar::LEFT_PAREN:
      c_.Report(DiagnosticCode::ExpressionCalled, SpanTo(index)).help = "a call is `name(..)` or `x.name(..)`";
      return {};
    default: break;
  }
  if (IsCall(index + 1)) {
    ++next_;
    return ToMethodCall(c_, object, access->anyWord(), SpanTo(index + 1), At(index + 1)->expressions());
  }
  const auto attr = ToIdentifier(c_, access->anyWord());
  return attr ? c_.Add(SpanTo(index), ast::GetAttr{.object = object, .attr = *attr}) : ast::ExprId{};
}

auto Accesses::Index(ast::ExprId object) -> ast::ExprId {
  auto* access = At(next_ - 1);
  const auto key = ToOperand(c_, access->expr());
  if (key.kind == Operand::Kind::Error) return {};
  if (key.kind != Operand::Kind::String) {
    c_.Report(DiagnosticCode::InvalidIndex, key.span, Clip(c_.TextOf(access->expr()))).help =
        "between brackets stands a string literal: `x[\"name\"]`";
    return {};
  }
  const auto attr = ToString(c_, key.string);
  return attr ? c_.Add(SpanTo(next_ - 1), ast::GetAttr{.object = object, .attr = *attr}) : ast::ExprId{};
}

}  // namespace

auto MemberOperand(Conversion& c, Grammar::MemberContext* member) -> Operand {
  const auto head = ToOperand(c, AsRule(member->children[0]));
  if (head.kind == Operand::Kind::Error) return {};
  return Operand::Of(c, Accesses{c, member}.Convert(head));
}

}  // namespace remit::parse
