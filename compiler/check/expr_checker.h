// The type of an expression in one environment.
//
// The rules are those of Cedar's validator: an `&&` whose left side is always false is not looked at further, a failed part still has
// a type where its operator fixes one, and guards become capabilities (capability.h). Chains that grow to the left are walked in a loop;
// recursion follows right operands, whose depth the parser bounds.
//
// One rule is one function, grouped by what it is about: logic, relations, entities, attributes, literals, calls, state.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "compiler/check/capability.h"
#include "compiler/check/findings.h"
#include "compiler/check/schema_view.h"
#include "compiler/check/state_table.h"

namespace remit::check {

// What all expressions of a policy set share while it is checked.
struct CheckContext {
  const ast::Ast& ast;
  const SchemaView& schema;
  const Interner& interner;
  const SourceManager& sources;
  const StateTable& states;
  Mode mode;
  TypeTable& types;
  Shapes& shapes;
  Findings& findings;
};

struct Answer {
  TypeRef type = {};         // none: not known, because of a mistake that has been reported
  bool ok = true;            // no mistake in it
  CapabilitySet known = {};  // what is certain where the expression is true; nothing if it is not ok
};

// By expression: its type in the environment that was checked last, none where checking never went.
using ExprTypes = std::vector<TypeRef>;

// What a reader of budgets knows without a guard.
struct StateReader {
  const ast::Scope* scope = nullptr;                       // of the statement that reads
  std::optional<ast::StateKind> own_kind = std::nullopt;   // the statement is a budget or a breaker itself
  SymbolId own_name = {};
};

class ExprChecker {
 public:
  // All outlive the checker. `types` has an entry for each expression of the tree.
  ExprChecker(CheckContext& context, const Environment& environment, const StateReader& reader, ExprTypes& types)
      : context_(context), environment_(environment), reader_(reader), expr_types_(types) {}

  auto Check(ast::ExprId id, const Known& prior) -> Answer;
  // Like Check, and reports unless the type is a subtype of one of `expected`.
  auto CheckAs(ast::ExprId id, std::initializer_list<TypeRef> expected, const Known& prior) -> Answer;
  // `left && right`, where `right()` is asked for only if the left side may be true.
  template <typename Right>
  auto And(Answer left, const Known& prior, Right right) -> Answer;
  // The same of two answers, where the left side may be true.
  auto Conjoin(Answer left, Answer right) -> Answer;
  // The conditions of a statement in their order, each under the guards of those before it.
  auto CheckConditions(const std::vector<ast::Condition>& conditions) -> Answer;

  // A name that quantifiers and breakers bind.
  void Bind(SymbolId name, TypeRef type) { locals_.emplace_back(name, type); }
  void Unbind() { locals_.pop_back(); }

 private:
  struct HeadVisitor;
  struct ApplyVisitor;
  using HelpFor = std::string_view (*)(TypeKind found);

  auto node(ast::ExprId id) const -> const ast::ExprNode& { return context_.ast.expr(id).node; }
  auto span(ast::ExprId id) const -> Span { return context_.ast.expr(id).span; }
  auto types() -> TypeTable& { return context_.types; }
  auto kind(TypeRef ref) const -> TypeKind { return context_.types.kind(ref); }
  auto name(TypeRef ref) const -> std::string { return context_.types.Format(ref, context_.interner); }
  auto is_strict() const -> bool { return context_.mode == Mode::Strict; }
  auto Succeed(TypeRef type, CapabilitySet known = {}) const -> Answer { return {.type = type, .ok = true, .known = std::move(known)}; }
  auto Fail(TypeRef type = {}) const -> Answer { return {.type = type, .ok = false}; }
  // The answer, failed if any of what it is made of was.
  auto After(bool parts_ok, Answer answer) const -> Answer;

  auto CheckHead(ast::ExprId id, const Known& prior) -> Answer;
  // The left operand's answer is `left`.
  auto Apply(ast::ExprId id, Answer left, const Known& prior) -> Answer;
  auto Expect(Answer answer, ast::ExprId place, std::initializer_list<TypeRef> expected, HelpFor help = nullptr) -> Answer;
  auto ReportUnexpected(ast::ExprId place, std::initializer_list<TypeRef> expected, TypeRef found) -> Diagnostic&;
  // How what is written at `place` could become what is wanted; empty if there is nothing sensible to say.
  auto HelpForType(ast::ExprId place, TypeRef wanted, TypeRef found) -> std::string;
  // For whoever looks for something inside a set or a text.
  static auto HelpForSearch(TypeKind found) -> std::string_view;
  auto HelpForMismatch(ast::ExprId place, TypeRef a, TypeRef b, Mismatch reason) -> std::string;
  // The least common type, or none after reporting; none too if a type is not known.
  auto JoinAll(const std::vector<TypeRef>& all, ast::ExprId place) -> std::optional<TypeRef>;
  auto ReportMismatch(ast::ExprId place, TypeRef a, TypeRef b) -> Diagnostic&;

  // Logic
  auto CheckNot(Answer operand, ast::ExprId place) -> Answer;
  auto CheckIf(ast::ExprId id, const ast::If& node, const Known& prior) -> Answer;
  auto CheckAnd(const ast::Binary& node, Answer left, const Known& prior) -> Answer;
  auto CheckOr(const ast::Binary& node, Answer left, const Known& prior) -> Answer;
  auto CheckQuantifier(const ast::Quantifier& node, Answer set, const Known& prior) -> Answer;

  // Relations, arithmetic, sets
  auto CheckBinary(ast::ExprId id, const ast::Binary& node, Answer left, const Known& prior) -> Answer;
  auto CheckEquality(ast::ExprId id, const ast::Binary& node, Answer left, const Known& prior) -> Answer;
  auto CheckStrictEquality(ast::ExprId id, TypeRef result, TypeRef a, TypeRef b) -> Answer;
  auto TypeOfEquality(ast::ExprId left, TypeRef left_type, ast::ExprId right, TypeRef right_type) -> TypeRef;
  auto CheckOrder(const ast::Binary& node, Answer left, const Known& prior) -> Answer;
  auto IsOrdered(TypeRef type) const -> bool;
  auto ReportUnordered(const ast::Binary& node, TypeRef left, TypeRef right) -> void;
  auto CheckArithmetic(const ast::Binary& node, Answer left, const Known& prior) -> Answer;
  auto CheckContains(ast::ExprId id, const ast::Binary& node, Answer left, const Known& prior) -> Answer;
  auto CheckContainsMany(ast::ExprId id, const ast::Binary& node, Answer left, const Known& prior) -> Answer;

  // Entities
  auto CheckIn(ast::ExprId left_id, Answer left, ast::ExprId right_id, const Known& prior) -> Answer;
  auto TypeOfIn(ast::ExprId left_id, TypeRef left, ast::ExprId right_id, TypeRef right) -> TypeRef;
  auto CheckIs(const ast::Is& node, Answer object, const Known& prior) -> Answer;
  auto TypeOfIs(TypeRef object, SymbolId type) -> TypeRef;
  auto CheckHasTag(const ast::Binary& node, Answer left, const Known& prior) -> Answer;
  auto CheckGetTag(ast::ExprId id, const ast::Binary& node, Answer left, const Known& prior) -> Answer;
  // The entity that an expression is whatever the request: a literal, or the environment's action.
  auto LiteralEntity(ast::ExprId id) const -> std::optional<EntityUid>;
  auto LiteralEntities(ast::ExprId id) const -> std::optional<std::vector<EntityUid>>;

  // Attributes
  struct Object {
    ast::ExprId place;  // the whole access, for messages
    ast::ExprId text;   // what to call the object in help: none for a step of an extended `has`
    Shape shape;
  };
  auto CheckGetAttr(const Object& object, Answer answer, SymbolId attr, const Known& prior) -> Answer;
  auto CheckHasAttr(const Object& object, Answer answer, SymbolId attr, const Known& prior) -> Answer;
  auto CheckHasPath(ast::ExprId id, const ast::HasAttr& node, Answer object, const Known& prior) -> Answer;
  auto FindAttribute(TypeRef object, SymbolId attr) -> const FieldType*;
  auto MayHaveAttribute(TypeRef object, SymbolId attr) -> bool;
  void ReportUnknownAttribute(const Object& object, TypeRef type, SymbolId attr);
  void ReportUnguarded(const Object& object, TypeRef type, SymbolId attr);
  // The text of an expression in the source, empty where it has none or is long.
  auto TextOf(ast::ExprId id) const -> std::string;
  // What a message calls the owner of an attribute: a type with a name by that name, a record by how it is written.
  auto OwnerText(const Object& object, TypeRef type) const -> std::string;

  // Literals and calls
  auto CheckEntityLiteral(const ast::EntityLit& node) -> Answer;
  auto CheckSet(ast::ExprId id, const ast::SetLit& node, const Known& prior) -> Answer;
  auto CheckRecord(const ast::RecordLit& node, const Known& prior) -> Answer;
  auto CheckCall(ast::ExprId id, const ast::Call& node, std::optional<Answer> receiver, const Known& prior) -> Answer;
  auto ExpectArgument(Answer arg, const ast::Call& node, size_t position) -> Answer;
  auto CheckLiteralArguments(ast::ExprId id, const ast::Call& node) -> bool;
  auto CheckVariable(ast::ExprId id, ast::Var var) -> Answer;
  auto CheckLocal(ast::ExprId id, const ast::LocalRef& node) -> Answer;

  // State of budgets and breakers
  auto CheckStateRead(ast::ExprId id, const ast::StateRead& node, const Known& prior) -> Answer;
  auto CheckStateHas(ast::ExprId id, const ast::StateHas& node) -> Answer;
  auto FindState(ast::ExprId id, ast::StateKind kind, SymbolId name) -> const StateDecl*;
  auto IsScopeImplied(const StateDecl& decl) -> bool;
  auto StateFieldType(const StateDecl& decl, SymbolId field) -> TypeRef;

  CheckContext& context_;
  const Environment& environment_;
  const StateReader& reader_;
  ExprTypes& expr_types_;
  std::vector<std::pair<SymbolId, TypeRef>> locals_;  // innermost last
};

template <typename Right>
auto ExprChecker::And(Answer left, const Known& prior, Right right) -> Answer {
  if (left.type == types().false_type()) return After(left.ok, Succeed(left.type));
  const Known guarded{.outer = &prior, .own = &left.known};
  Answer other = right(guarded);
  return Conjoin(std::move(left), std::move(other));
}

}  // namespace remit::check
