// The syntax tree of a policy set: Cedar's statements and Remit's.
//
// Expressions live in one vector and refer to each other by id, operands before the expressions that use them; there are
// no pointers to chase or to free, and a long chain of operators costs no stack to destroy. Names and strings are symbols of
// the engine's interner. A tree is const once parsing has ended.
//
// Passes that recurse must recurse on right operands only and walk the left spine in a loop (see `LeftOperand`): text may
// chain a hundred thousand `&&`, while nesting to the right is bounded by Limits::max_nesting.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "compiler/source/source_file.h"
#include "runtime/base/interner.h"
#include "runtime/value/outcome.h"
#include "runtime/value/value.h"
#include "stdlib/builtin.h"

namespace remit::ast {

using ExprId = Id<struct ExprTag>;
using StatementId = Id<struct StatementTag>;

// ---- expressions ---------------------------------------------------------------------------------------------------

enum class Var : uint8_t { Principal, Action, Resource, Context };
enum class Slot : uint8_t { Principal, Resource };

// clang-format off: tables
enum class UnaryOp : uint8_t { Not, Neg, IsEmpty, Size };  // `!x`, `-x`, then the methods
enum class BinaryOp : uint8_t {
  And, Or,                                     // short-circuit
  Eq, NotEq, Less, LessEq, Greater, GreaterEq, // relations
  Add, Sub, Mul,                               // checked 64-bit arithmetic
  In,                                          // hierarchy
  Contains, ContainsAll, ContainsAny,          // methods of sets
  GetTag, HasTag,                              // methods of entities
};

struct BoolLit { bool value; };
struct LongLit { int64_t value; };
struct StringLit { SymbolId text; };
struct EntityLit { EntityUid uid; };
struct VarRef { Var var; };
struct SlotRef { Slot slot; };              // only ever in a scope; kept in expressions for error recovery
struct LocalRef { SymbolId name; };         // bound by a quantifier, or `calls`, `failures` in a breaker's trip
struct Unary { UnaryOp op; ExprId operand; };
struct Binary { BinaryOp op; ExprId left; ExprId right; };
struct If { ExprId condition; ExprId then_branch; ExprId else_branch; };
struct GetAttr { ExprId object; SymbolId attr; };
struct HasAttr { ExprId object; std::vector<SymbolId> path; };  // `object has a.b.c`, at least one step
struct PatternElement { bool wildcard; SymbolId literal; };     // a wildcard, or text that stands for itself
struct Like { ExprId text; std::vector<PatternElement> pattern; };  // neighbouring literals are merged, wildcards are not
struct Is { ExprId object; SymbolId type; ExprId in; };         // `in` may be none
struct SetLit { std::vector<ExprId> elements; };
struct RecordLit {
  struct Entry { SymbolId key; ExprId value; };
  std::vector<Entry> entries;  // in source order, keys differ
};
struct Call { BuiltinId builtin; std::vector<ExprId> args; };   // the receiver of a method is args[0]; the count is checked at evaluation
// An extension value of a JSON policy by a function that nobody knows: Cedar reads it, and evaluating it is an error. It has no text.
struct UnknownCall { SymbolId function; std::vector<ExprId> args; };
enum class QuantifierKind : uint8_t { Any, All };
struct Quantifier { QuantifierKind kind; ExprId set; SymbolId variable; ExprId body; };
enum class StateKind : uint8_t { Budget, Breaker };
struct StateRead { StateKind state; SymbolId name; SymbolId field; };  // `budget.NAME.after`, `breaker.NAME.open`
struct StateHas { StateKind state; SymbolId name; };                   // `budget has NAME`
// clang-format on

using ExprNode = std::variant<BoolLit, LongLit, StringLit, EntityLit, VarRef, SlotRef, LocalRef, Unary, Binary, If, GetAttr, HasAttr, Like,
                              Is, SetLit, RecordLit, Call, UnknownCall, Quantifier, StateRead, StateHas>;

struct Expr {
  Span span;
  bool parenthesized = false;  // written in brackets: the formatter keeps them
  ExprNode node;
};

// ---- statements ----------------------------------------------------------------------------------------------------

struct Annotation {
  SymbolId key;
  std::optional<SymbolId> value;  // `@key` alone has none; it reads as ""
  Span span;
};

enum class ScopeOp : uint8_t { Any, Eq, In, Is, IsIn };

// One position of a scope. `Eq`, `In` and `IsIn` compare with a slot or with `entities`: exactly one entity, but for an
// action's `in [..]`, which has any number.
struct ScopeConstraint {
  ScopeOp op = ScopeOp::Any;
  SymbolId type;                     // Is, IsIn
  std::optional<Slot> slot;
  std::vector<EntityUid> entities;
  bool is_list = false;              // written `in [..]`
  Span span;                         // of the whole position, `principal in G::"g"`
};

struct Scope {
  ScopeConstraint principal;
  ScopeConstraint action;
  ScopeConstraint resource;
  Span span;  // with the brackets
};

enum class ConditionKind : uint8_t { When, Unless };
struct Condition {
  ConditionKind kind;
  ExprId body;
  Span span;
};

struct Oblige {
  ExprId record;  // a RecordLit
  Span span;
};

enum class Effect : uint8_t { Permit, Forbid };

// `permit` or `forbid`. A template if a scope position has a slot.
struct Policy {
  Effect effect;
  Scope scope;
  std::vector<Condition> conditions;
  std::optional<Oblige> oblige;  // permit only
};

// `approval { by: .., quorum: .., expires: .., uses: .., scope: .. }`. Absent fields are none.
struct Approval {
  ExprId by;
  ExprId quorum;
  ExprId expires;
  ExprId uses;
  ExprId scope;
  Span span;
};

struct Escalate {
  Scope scope;
  std::vector<Condition> conditions;
  Approval approval;
  std::optional<Oblige> oblige;
};

struct Restrict {
  Scope scope;
  Outcome level;  // observe, draft or deny
  Span level_span;
  std::vector<Condition> conditions;
  std::optional<Oblige> oblige;
};

// What an exhausted budget or an open breaker does.
enum class ConsequenceKind : uint8_t { Deny, Restrict, Escalate };
struct Consequence {
  ConsequenceKind kind = ConsequenceKind::Deny;
  Outcome level = Outcome::Deny;      // Restrict
  std::optional<Approval> approval;   // Escalate
  Span span;                          // no place if the clause is absent
};

enum class WindowKind : uint8_t { Lifetime, Hour, Day, Week, Month, Sliding, Refill, Concurrent };
struct Window {
  WindowKind kind = WindowKind::Lifetime;
  SymbolId time_zone;  // Hour to Month; none is UTC
  ExprId duration;     // Sliding, Refill
  Span span;
};

enum class Unsettled : uint8_t { Charge, Release };
struct Hold {
  ExprId duration;
  Unsettled unsettled = Unsettled::Charge;
  Span span;
};

struct Budget {
  SymbolId name;
  Span name_span;
  Scope scope;
  std::vector<Condition> conditions;
  ExprId charge;  // none: 1
  std::vector<ExprId> per;
  ExprId limit;
  Window window;
  std::optional<Hold> hold;
  std::optional<Consequence> exceeded;
};

struct Breaker {
  SymbolId name;
  Span name_span;
  Scope scope;
  std::vector<Condition> conditions;
  std::vector<ExprId> per;
  ExprId trip;      // over the locals `calls` and `failures`
  ExprId within;
  ExprId cooldown;
  ExprId probe;     // none: 1
  std::optional<Consequence> open;
};

enum class AssertMode : uint8_t { Never, Always };
struct Assert {
  AssertMode mode;
  std::vector<Outcome> outcomes;
  Scope scope;
  std::vector<Condition> conditions;
};

// The steps of a test, in order.
struct TestEntity {
  EntityUid uid;
  std::vector<EntityUid> parents;
  ExprId attrs;  // a RecordLit or none
  ExprId tags;   // a RecordLit or none
};
struct TestRequest {
  EntityUid principal;
  EntityUid action;
  EntityUid resource;
  ExprId context;  // a RecordLit or none
  std::vector<EntityUid> delegation;  // on whose behalf, first the origin
};
struct TestExpect {
  Outcome outcome;
  std::vector<SymbolId> by;  // statement ids; empty: not compared
};
struct TestExpectBudget {
  SymbolId budget;
  SymbolId field;  // used, reserved, remaining
  ExprId value;
};
struct TestApprove {
  EntityUid approver;
  std::vector<EntityUid> parents;
  std::vector<EntityUid> acting_for;
  bool is_denial = false;
};
enum class Settlement : uint8_t { Success, Failure, NotDispatched };
struct TestSettle {
  Settlement settlement;
  ExprId actual;  // a RecordLit of budget name to charge, or none
};
struct TestAdvance {
  ExprId duration;
};
struct TestQuarantine {
  EntityUid uid;
  bool is_release = false;
};
struct TestStep {
  Span span;
  std::variant<TestEntity, TestRequest, TestExpect, TestExpectBudget, TestApprove, TestSettle, TestAdvance, TestQuarantine> step;
};
struct Test {
  SymbolId title;
  std::vector<TestStep> steps;
};

struct Statement {
  Span span;  // from the first annotation to the `;` (or the `}` of a test)
  std::vector<Annotation> annotations;
  std::variant<Policy, Escalate, Restrict, Budget, Breaker, Assert, Test> body;
};

// A template turned into a policy by giving its slots entities.
struct Link {
  SymbolId template_id;  // the id of the template's statement
  SymbolId new_id;
  std::optional<EntityUid> principal;
  std::optional<EntityUid> resource;
};

// ---- the tree ------------------------------------------------------------------------------------------------------

struct Ast {
  std::vector<Expr> exprs;
  std::vector<Statement> statements;
  // Given from outside, parallel to `statements` where present: the keys of a JSON policy set. None: by position or `@id`.
  std::vector<SymbolId> explicit_ids;
  std::vector<Link> links;

  auto expr(ExprId id) const -> const Expr& { return exprs[id.value]; }
  auto Add(Expr expr) -> ExprId {
    exprs.push_back(std::move(expr));
    return {static_cast<uint32_t>(exprs.size() - 1)};
  }
};

// `x.isEmpty()`, not `!x`.
inline auto IsMethod(UnaryOp op) -> bool { return op >= UnaryOp::IsEmpty; }

// The operand through which chains grow to the left: of binary operators, attribute access, methods, `has`, `like`, `is`.
auto LeftOperand(const Expr& expr) -> ExprId;

auto IsTemplate(const Policy& policy) -> bool;
auto FindAnnotation(const Statement& statement, const Interner& interner, std::string_view key) -> const Annotation*;

// `permit`, `budget`, ...: the keyword that opens the statement.
auto StatementKeyword(const Statement& statement) -> std::string_view;

enum class IdConvention : uint8_t {
  Cedar,  // `policy0`, `policy1`, ... by position among permit and forbid; `@id` is only an annotation
  Remit,  // `@id` where there is one
};
// One id a statement, parallel to `ast.statements`. Ours count by keyword (`escalate0`, `restrict0`), budgets and breakers go by name,
// tests by title. Ids may collide; that is for the checker to report.
auto AssignIds(const Ast& ast, const Interner& interner, IdConvention convention) -> std::vector<std::string>;

// Equal but for spans and brackets: what the formatter must keep. Both trees share `interner`.
auto SameMeaning(const Ast& a, const Ast& b) -> bool;

}  // namespace remit::ast
