#include "compiler/lower/type_folds.h"

#include <algorithm>

namespace remit {

// One expression whose operands have been looked at.
struct TypeFolds::Visitor {
  const TypeFolds& folds;
  const check::TypedPolicySet& typed;
  const check::ExprTypes& expr_types;

  auto of(ast::ExprId id) const -> const State& { return folds.at(id); }
  auto type(ast::ExprId id) const -> const check::Type& { return typed.types().at(expr_types[id.value]); }
  auto is_evaluated(ast::ExprId id) const -> bool { return expr_types[id.value].has_value(); }
  static auto MayFail(bool may_fail) -> State { return {.may_fail = may_fail}; }
  template <typename... Operands>
  auto Strict(Operands... operands) const -> State {
    return MayFail((of(operands).may_fail || ...));
  }
  auto StrictAll(const std::vector<ast::ExprId>& operands) const -> State {
    return MayFail(std::ranges::any_of(operands, [&](ast::ExprId id) { return of(id).may_fail; }));
  }

  // Leaves that cannot fail.
  auto operator()(const ast::BoolLit&) const -> State { return MayFail(false); }
  auto operator()(const ast::LongLit&) const -> State { return MayFail(false); }
  auto operator()(const ast::StringLit&) const -> State { return MayFail(false); }
  auto operator()(const ast::EntityLit&) const -> State { return MayFail(false); }
  auto operator()(const ast::VarRef&) const -> State { return MayFail(false); }
  auto operator()(const ast::LocalRef&) const -> State { return MayFail(false); }

  // What may fail whatever its operands do.
  auto operator()(const ast::SlotRef&) const -> State { return MayFail(true); }
  auto operator()(const ast::StateRead&) const -> State { return MayFail(true); }
  auto operator()(const ast::StateHas&) const -> State { return MayFail(true); }
  auto operator()(const ast::UnknownCall&) const -> State { return MayFail(true); }
  auto operator()(const ast::Quantifier&) const -> State { return MayFail(true); }

  auto operator()(const ast::HasAttr& node) const -> State { return Strict(node.object); }
  auto operator()(const ast::Like& node) const -> State { return Strict(node.text); }
  auto operator()(const ast::SetLit& node) const -> State { return StrictAll(node.elements); }
  auto operator()(const ast::RecordLit& node) const -> State {
    return MayFail(std::ranges::any_of(node.entries, [&](const auto& entry) { return of(entry.value).may_fail; }));
  }
  auto operator()(const ast::Call& node) const -> State {
    const auto& builtin = GetBuiltin(node.builtin);
    const bool fits = builtin.signature.arity == node.args.size();
    if (!fits || builtin.signature.fallible || node.builtin == BuiltinId::Now) return MayFail(true);
    return StrictAll(node.args);
  }

  auto operator()(const ast::Unary& node) const -> State {
    switch (node.op) {
      case ast::UnaryOp::Neg: return MayFail(true);
      case ast::UnaryOp::Not:
      case ast::UnaryOp::IsEmpty:
      case ast::UnaryOp::Size: return Strict(node.operand);
    }
    return MayFail(true);
  }

  auto operator()(const ast::Binary& node) const -> State {
    switch (node.op) {
      case ast::BinaryOp::And: return Logical(node, Verdict::False, Verdict::True);
      case ast::BinaryOp::Or: return Logical(node, Verdict::True, Verdict::False);
      case ast::BinaryOp::Add:
      case ast::BinaryOp::Sub:
      case ast::BinaryOp::Mul:
      case ast::BinaryOp::GetTag: return MayFail(true);
      case ast::BinaryOp::Eq:
      case ast::BinaryOp::NotEq:
      case ast::BinaryOp::Less:
      case ast::BinaryOp::LessEq:
      case ast::BinaryOp::Greater:
      case ast::BinaryOp::GreaterEq:
      case ast::BinaryOp::In:
      case ast::BinaryOp::Contains:
      case ast::BinaryOp::ContainsAll:
      case ast::BinaryOp::ContainsAny:
      case ast::BinaryOp::HasTag: return Strict(node.left, node.right);
    }
    return MayFail(true);
  }

  // `decisive` is the value of one operand that decides; the other says nothing.
  auto Logical(const ast::Binary& node, Verdict decisive, Verdict neutral) const -> State {
    const State& left = of(node.left);
    const State& right = of(node.right);
    if (left.known == decisive) return {.known = decisive, .may_fail = false};
    if (left.known == neutral) return {.fold = Fold::Right, .known = right.known, .may_fail = right.may_fail};
    if (left.by_types == decisive || right.known == neutral) return {.fold = Fold::Left, .may_fail = left.may_fail};
    if (right.known == decisive && !left.may_fail) return {.known = decisive, .may_fail = false};
    return MayFail(left.may_fail || right.may_fail);
  }

  auto operator()(const ast::If& node) const -> State {
    const State& condition = of(node.condition);
    if (condition.by_types == Verdict::Open) return Strict(node.condition, node.then_branch, node.else_branch);
    const bool holds = condition.by_types == Verdict::True;
    const State& taken = of(holds ? node.then_branch : node.else_branch);
    return {.fold = holds ? Fold::Then : Fold::Else,
            .known = condition.may_fail ? Verdict::Open : taken.known,
            .may_fail = condition.may_fail || taken.may_fail};
  }

  // What may be missing is read behind a guard, which holds for entities that exist.
  auto operator()(const ast::GetAttr& node) const -> State {
    const auto& object = type(node.object);
    if (object.kind == check::TypeKind::Record) return Strict(node.object);
    if (object.kind != check::TypeKind::Entity) return MayFail(true);
    const auto* field = check::FindField(typed.types().at(typed.schema().AttributesOf(object)), node.attr);
    return field == nullptr || field->required ? MayFail(true) : Strict(node.object);
  }

  auto operator()(const ast::Is& node) const -> State {
    if (!node.in.has_value()) return Strict(node.object);
    const auto& object = type(node.object);
    const bool is_certain = object.kind == check::TypeKind::Entity && object.entity_types == std::vector{node.type};
    State state = MayFail(of(node.object).may_fail || (is_evaluated(node.in) && of(node.in).may_fail));
    if (is_certain) state.fold = Fold::CertainIs;
    return state;
  }
};

TypeFolds::TypeFolds(const check::TypedPolicySet& typed, const Constants& constants, const std::vector<ast::ExprId>& exprs,
                     const check::ExprTypes& types) {
  if (exprs.empty()) return;
  first_ = exprs.front().value;
  states_.resize(exprs.back().value - first_ + 1);
  const auto by_type = [&](check::TypeRef type) {
    if (type == typed.types().true_type()) return Verdict::True;
    return type == typed.types().false_type() ? Verdict::False : Verdict::Open;
  };
  const Visitor visitor{.folds = *this, .typed = typed, .expr_types = types};
  for (const auto id : exprs) {
    const auto type = types[id.value];
    if (!type.has_value()) continue;  // never evaluated here
    const bool is_constant = constants.Find(id) != nullptr;
    State state = is_constant ? State{.may_fail = false} : std::visit(visitor, typed.ast().expr(id).node);
    state.by_types = state.known == Verdict::Open ? by_type(type) : state.known;
    if (!state.may_fail) state.known = state.by_types;
    if (state.known != Verdict::Open && !is_constant) state.fold = state.known == Verdict::True ? Fold::True : Fold::False;
    states_[id.value - first_] = state;
  }
}

auto TypeFolds::Signature(const std::vector<ast::Condition>& conditions) const -> std::string {
  std::string signature;
  for (const auto& state : states_) signature += static_cast<char>(state.fold);
  for (const auto& condition : conditions) {
    const State& state = at(condition.body);
    signature += static_cast<char>(state.by_types);
    signature += static_cast<char>(state.by_types != Verdict::Open && state.may_fail);
  }
  const bool is_general = std::ranges::all_of(signature, [](char each) { return each == 0; });
  return is_general ? std::string{} : signature;
}

}  // namespace remit
