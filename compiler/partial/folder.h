// Folds expressions with what is known of a request: to a value, to a certain error, or to a residual expression.
//
// The result is the same as the expression's on every request and every entities that agree with what is known: the same value, or an error
// where there was one. So `false && e` is false, but `e && false` stays unless the types say that e cannot fail. Operators are never
// evaluated here but by the interpreter's handlers (op_runner.h). What the types decide (`principal is User`, attributes that a type does not
// have) is folded too, which is sound for policies that pass strict checking and requests and entities that conform to the schema.
//
// One exception, of limits and not of meaning: a decision bounds the work of a policy's quantifiers, and what has been folded away does not
// count any more.
//
// The tempting alternative, substituting values in the tree and simplifying afterwards, writes out data that folding then throws away.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "compiler/partial/known_entities.h"
#include "compiler/partial/op_runner.h"
#include "compiler/partial/partial_request.h"
#include "compiler/partial/statement_types.h"

namespace remit::partial {

enum class State : uint8_t { Known, Failed, Residual };

struct Folded {
  State state = State::Residual;
  Value value = {};  // Known
  uint32_t error = 0;  // Failed: position in FoldContext::errors
  // In the residual tree. Residual: always. Else none, unless what it says is written nowhere in the source.
  ast::ExprId expr = {};
  bool may_fail = false;  // Residual: its evaluation may end in an error
  bool never_true = false;  // Residual: it is false or fails

  static auto Of(const Value& value) -> Folded { return {.state = State::Known, .value = value}; }
  static auto Of(bool value) -> Folded { return Of(Value::OfBool(value)); }
  static auto Rest(ast::ExprId expr, bool may_fail) -> Folded { return {.state = State::Residual, .expr = expr, .may_fail = may_fail}; }

  auto is(State which) const -> bool { return state == which; }
  auto CanBeTrue() const -> bool { return is(State::Known) ? IsBool(true) : is(State::Residual) && !never_true; }
  auto IsBool(bool which) const -> bool { return is(State::Known) && value.is(Kind::Bool) && value.as_bool() == which; }
};

// What all statements share. Everything outlives the folders.
struct FoldContext {
  const ast::Ast& ast;
  const check::TypeTable& types;
  const KnownEntities& entities;
  const PartialRequest& request;
  Interner& interner;
  Arena& arena;
  OpRunner& ops;
  ast::Ast& residuals;
  std::vector<EvalError>& errors;
};

class Folder {
 public:
  Folder(FoldContext& context, const StatementTypes& types) : context_(context), types_(types) {}

  auto Fold(ast::ExprId id) -> Folded;
  // `left && id`, where a chain in `id` goes on with that of `left`. If it is certain to fail, `expr` says how.
  auto FoldConjunction(Folded left, ast::ExprId id) -> Folded;
  // `left && !id`, likewise.
  auto FoldNegated(const Folded& left, ast::ExprId id) -> Folded;
  // The expression in the residual tree; `source` is what was folded.
  auto Write(const Folded& folded, ast::ExprId source) -> ast::ExprId;
  // `left && right` of two that are folded. `source` may be none if `right` needs none to be written.
  auto And(const Folded& left, const Folded& right, ast::ExprId source) -> Folded;

 private:
  struct HeadVisitor;
  struct ApplyVisitor;

  auto node(ast::ExprId id) const -> const ast::ExprNode& { return context_.ast.expr(id).node; }
  auto span(ast::ExprId id) const -> Span { return context_.ast.expr(id).span; }
  auto Emit(ast::ExprNode node, ast::ExprId place) -> ast::ExprId;
  auto Fail(EvalError error) -> Folded;
  auto FromRun(RunResult result) -> Folded;
  // `ip("10.0.0.1")`
  auto IsLiteralCall(ast::ExprId id) const -> bool;
  // As it stands.
  auto Keep(ast::ExprId id) -> Folded;
  // The value that the types give, unless evaluating could fail.
  auto Settle(Folded folded, ast::ExprId id) const -> Folded;
  auto TypeIs(ast::ExprId id, check::TypeRef type) const -> bool { return types_.Of(id) == type; }

  auto FoldHead(ast::ExprId id) -> Folded;
  // The left operand has come to `left`, which has not failed.
  auto Apply(ast::ExprId id, const Folded& left) -> Folded;

  // Variables and literals
  auto FoldVariable(ast::ExprId id, ast::Var var) -> Folded;
  auto FoldLocal(ast::ExprId id, const ast::LocalRef& node) -> Folded;
  auto FoldSet(ast::ExprId id, const ast::SetLit& node) -> Folded;
  auto FoldRecord(ast::ExprId id, const ast::RecordLit& node) -> Folded;

  // Logic
  auto FoldIf(ast::ExprId id, const ast::If& node) -> Folded;
  auto ApplyAnd(ast::ExprId id, const ast::Binary& node, const Folded& left) -> Folded;
  auto ApplyOr(ast::ExprId id, const ast::Binary& node, const Folded& left) -> Folded;
  auto ApplyQuantifier(ast::ExprId id, const ast::Quantifier& node, const Folded& set) -> Folded;
  // None if some element leaves it open.
  auto UnrollQuantifier(const ast::Quantifier& node, SetView set) -> std::optional<Folded>;

  // Operators that evaluate all their operands
  auto FoldUnary(ast::ExprId id, const ast::Unary& node, const Folded& operand) -> Folded;
  auto ApplyBinary(ast::ExprId id, const ast::Binary& node, const Folded& left) -> Folded;
  auto IsDecided(ast::BinaryOp op, const Value& left, const Value& right) const -> bool;
  auto IsInDecided(EntityUid uid, SetView ancestors) const -> bool;
  auto ApplyLike(ast::ExprId id, const ast::Like& node, const Folded& text) -> Folded;
  auto FoldCall(ast::ExprId id, const ast::Call& node, std::optional<Folded> receiver) -> Folded;

  // Entities and attributes
  auto ApplyIs(ast::ExprId id, const ast::Is& node, const Folded& object) -> Folded;
  auto ApplyIsIn(ast::ExprId id, const ast::Is& node, const Folded& object) -> Folded;
  // Whether the object is of the type, as far as that is known before its evaluation.
  auto StaticIs(const ast::Is& node, const Folded& object) const -> std::optional<bool>;
  auto ApplyGetAttr(ast::ExprId id, const ast::GetAttr& node, const Folded& object) -> Folded;
  auto ApplyHas(ast::ExprId id, const ast::HasAttr& node, const Folded& object) -> Folded;
  // The attribute, or whether it is there; none if that is not known.
  auto ReadAttr(ir::Op op, ast::ExprId place, const Folded& object, SymbolId attr) -> std::optional<Folded>;
  auto IsContext(const Folded& folded) const -> bool;

  FoldContext& context_;
  const StatementTypes& types_;
  std::vector<std::pair<SymbolId, std::optional<Value>>> locals_;  // innermost last
  size_t elements_ = 0;  // that quantifiers were unrolled over
};

}  // namespace remit::partial
