// Operators on two operands: equality, order, arithmetic, sets.
#include <array>

#include "compiler/check/expr_checker.h"

namespace remit::check {
namespace {

auto HelpForSets(TypeKind found) -> std::string_view {
  switch (found) {
    case TypeKind::Entity:
    case TypeKind::AnyEntity: return "`in` asks about the hierarchy of entities";
    case TypeKind::Record: return "`has` asks for an attribute of a record";
    case TypeKind::String: return "`like` or `.containsText(..)` look inside a text";
    case TypeKind::Never:
    case TypeKind::True:
    case TypeKind::False:
    case TypeKind::Bool:
    case TypeKind::Long:
    case TypeKind::Set:
    case TypeKind::AnySet:
    case TypeKind::Extension: return "";
  }
  return "";
}

auto HelpForMany(TypeKind /*found*/) -> std::string_view { return "`.contains(..)` asks for one element"; }

auto HelpForAddition(TypeKind found) -> std::string_view {
  if (found == TypeKind::String) return "texts cannot be joined";
  return found == TypeKind::Set ? "sets cannot be added or subtracted" : "";
}

auto HelpForArithmetic(TypeKind found) -> std::string_view {
  return found == TypeKind::Set ? "sets cannot be subtracted or multiplied" : "";
}

auto IsLiteral(const ast::ExprNode& node) -> bool {
  return std::holds_alternative<ast::LongLit>(node) || std::holds_alternative<ast::StringLit>(node);
}

}  // namespace

auto ExprChecker::CheckBinary(ast::ExprId id, const ast::Binary& node, Answer left, const Known& prior) -> Answer {
  switch (node.op) {
    case ast::BinaryOp::And: return CheckAnd(node, std::move(left), prior);
    case ast::BinaryOp::Or: return CheckOr(node, std::move(left), prior);
    case ast::BinaryOp::Eq: return CheckEquality(id, node, std::move(left), prior);
    case ast::BinaryOp::NotEq: return CheckNot(CheckEquality(id, node, std::move(left), prior), id);
    case ast::BinaryOp::Less:
    case ast::BinaryOp::LessEq:
    case ast::BinaryOp::Greater:
    case ast::BinaryOp::GreaterEq: return CheckOrder(node, std::move(left), prior);
    case ast::BinaryOp::Add:
    case ast::BinaryOp::Sub:
    case ast::BinaryOp::Mul: return CheckArithmetic(node, std::move(left), prior);
    case ast::BinaryOp::In: return CheckIn(node.left, std::move(left), node.right, prior);
    case ast::BinaryOp::Contains: return CheckContains(id, node, std::move(left), prior);
    case ast::BinaryOp::ContainsAll:
    case ast::BinaryOp::ContainsAny: return CheckContainsMany(id, node, std::move(left), prior);
    case ast::BinaryOp::GetTag: return CheckGetTag(id, node, std::move(left), prior);
    case ast::BinaryOp::HasTag: return CheckHasTag(node, std::move(left), prior);
  }
  return Fail();
}

// ---- equality ------------------------------------------------------------------------------------------------------

auto ExprChecker::CheckEquality(ast::ExprId id, const ast::Binary& node, Answer left, const Known& prior) -> Answer {
  const Answer right = Check(node.right, prior);
  const TypeRef result = TypeOfEquality(node.left, left.type, node.right, right.type);
  // A side that is wrong already says nothing about the other.
  return After(left.ok && right.ok,
               is_strict() && left.ok && right.ok ? CheckStrictEquality(id, result, left.type, right.type) : Succeed(result));
}

// In strict mode what is compared must have a common type, unless the comparison is decided by the types anyway.
auto ExprChecker::CheckStrictEquality(ast::ExprId id, TypeRef result, TypeRef a, TypeRef b) -> Answer {
  if (result != types().bool_type() || !a.has_value() || !b.has_value()) return Succeed(result);
  if (types().Join(a, b, context_.mode)) return Succeed(result);
  ReportMismatch(id, a, b);
  return Fail(result);
}

auto ExprChecker::TypeOfEquality(ast::ExprId left, TypeRef left_type, ast::ExprId right, TypeRef right_type) -> TypeRef {
  if (left_type.has_value() && right_type.has_value() && types().AreDisjoint(left_type, right_type)) return types().false_type();
  const auto one = LiteralEntity(left);
  const auto other = LiteralEntity(right);
  const auto is_value = [&](ast::ExprId id) { return IsLiteral(node(id)) || context_.shapes.IsBoolLiteral(id); };
  const bool is_literal = (one || is_value(left)) && (other || is_value(right));
  if (!is_literal) return types().bool_type();
  if (one || other) return types().Bool(one == other);
  return types().Bool(context_.shapes.Of(left) == context_.shapes.Of(right));
}

// ---- order and arithmetic ------------------------------------------------------------------------------------------

auto ExprChecker::IsOrdered(TypeRef type) const -> bool {
  const Type& at = context_.types.at(type);
  if (at.kind == TypeKind::Long) return true;
  const bool is_ordered = at.extension == Kind::Datetime || at.extension == Kind::Duration || at.extension == Kind::Semver;
  return at.kind == TypeKind::Extension && is_ordered;
}

auto ExprChecker::CheckOrder(const ast::Binary& node, Answer left, const Known& prior) -> Answer {
  const Answer right = Check(node.right, prior);
  if (!left.type.has_value() || !right.type.has_value()) return Fail(types().bool_type());
  const bool left_unknown = left.type == types().never();
  const bool right_unknown = right.type == types().never();
  bool fits = left.type == right.type && IsOrdered(left.type);
  if (left_unknown != right_unknown) fits = IsOrdered(left_unknown ? right.type : left.type);
  if (fits) return After(left.ok && right.ok, Succeed(types().bool_type()));
  if (!left_unknown || !right_unknown) ReportUnordered(node, left.type, right.type);
  return Fail(types().bool_type());
}

void ExprChecker::ReportUnordered(const ast::Binary& node, TypeRef left, TypeRef right) {
  const TypeRef datetime = types().OfKind(Kind::Datetime);
  const TypeRef duration = types().OfKind(Kind::Duration);
  const auto report_unordered = [&](ast::ExprId place, TypeRef found) {
    auto& diagnostic = ReportUnexpected(place, {types().long_type(), datetime, duration}, found);
    const Type& type = types().at(found);
    if (type.kind == TypeKind::Extension && type.extension == Kind::Decimal) {
      diagnostic.help = "decimals are compared with `.lessThan(..)`, `.lessThanOrEqual(..)`, `.greaterThan(..)`, `.greaterThanOrEqual(..)`";
    } else if (type.kind == TypeKind::String) {
      diagnostic.help = "texts have no order";
    }
  };
  if (left == types().never()) return report_unordered(node.right, right);
  if (right == types().never()) return report_unordered(node.left, left);
  // What is ordered tells what the other side should have been; a Long says it before a time does.
  const bool by_left = IsOrdered(left) && (left == types().long_type() || right != types().long_type());
  if (by_left) {
    ReportUnexpected(node.right, {left}, right).help = HelpForType(node.right, left, right);
  } else if (IsOrdered(right)) {
    ReportUnexpected(node.left, {right}, left).help = HelpForType(node.left, right, left);
  } else {
    report_unordered(node.left, left);
    report_unordered(node.right, right);
  }
}

auto ExprChecker::CheckArithmetic(const ast::Binary& node, Answer left, const Known& prior) -> Answer {
  const HelpFor help = node.op == ast::BinaryOp::Add ? &HelpForAddition : &HelpForArithmetic;
  left = Expect(std::move(left), node.left, {types().long_type()}, help);
  const Answer right = Expect(Check(node.right, prior), node.right, {types().long_type()}, help);
  return After(left.ok && right.ok, Succeed(types().long_type()));
}

// ---- sets ----------------------------------------------------------------------------------------------------------

auto ExprChecker::CheckContains(ast::ExprId id, const ast::Binary& node, Answer left, const Known& prior) -> Answer {
  left = Expect(std::move(left), node.left, {types().any_set()}, &HelpForSets);
  const Answer right = Check(node.right, prior);
  const bool ok = left.ok && right.ok;
  if (!is_strict() || !ok) return After(ok, Succeed(types().bool_type()));
  const bool has_element = left.type.has_value() && kind(left.type) == TypeKind::Set;
  return After(ok, CheckStrictEquality(id, types().bool_type(), has_element ? types().at(left.type).element : TypeRef{}, right.type));
}

auto ExprChecker::CheckContainsMany(ast::ExprId id, const ast::Binary& node, Answer left, const Known& prior) -> Answer {
  left = Expect(std::move(left), node.left, {types().any_set()}, &HelpForSets);
  const Answer right = Expect(Check(node.right, prior), node.right, {types().any_set()}, &HelpForMany);
  const bool ok = left.ok && right.ok;
  if (!is_strict() || !ok) return After(ok, Succeed(types().bool_type()));
  return After(ok, CheckStrictEquality(id, types().bool_type(), left.type, right.type));
}

}  // namespace remit::check
