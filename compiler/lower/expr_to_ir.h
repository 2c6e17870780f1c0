// One expression to code whose result ends up in a register.
//
// Registers are a stack: code for an expression that goes to register n uses n and those above, nothing below. So no allocator is needed, a
// body needs as many registers as its expressions nest, and a long chain of operators needs two.
// Chains are walked in a loop from their left end; recursion follows right operands, whose depth the parser bounds.
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/lower/body_builder.h"
#include "compiler/lower/constants.h"
#include "compiler/lower/state_index.h"
#include "compiler/lower/type_folds.h"
#include "compiler/source/diagnostic.h"
#include "runtime/ir/tables.h"

namespace remit {

// What all bodies of a program share while it is lowered.
struct LowerContext {
  const ast::Ast& ast;
  const Constants& constants;
  const StateIndex& states;
  const Interner& interner;
  ir::Tables& tables;
  DiagnosticSink& sink;
};

class ExprToIr {
 public:
  // `folds`: what is known where this code runs. Null: nothing.
  ExprToIr(LowerContext& context, BodyBuilder& body, const TypeFolds* folds = nullptr) : context_(context), body_(body), folds_(folds) {}

  void Lower(ast::ExprId expr, uint32_t to);

 private:
  struct HeadVisitor;
  struct ApplyVisitor;
  // The `&&`s or `||`s of a chain go to one place: where the chain ends.
  struct Chain {
    ir::Op jump = ir::Op::Jump;
    std::vector<uint32_t> jumps = {};
    ast::ExprId last = {};  // its value is in the register when no jump was taken
  };

  auto node(ast::ExprId id) const -> const ast::ExprNode& { return context_.ast.expr(id).node; }
  auto span(ast::ExprId id) const -> Span { return context_.ast.expr(id).span; }
  auto Emit(const ir::Instruction& instruction, ast::ExprId place) -> uint32_t { return body_.Emit(instruction, span(place)); }

  auto FoldOf(ast::ExprId id) const -> Fold { return folds_ == nullptr || !locals_.empty() ? Fold::Keep : folds_->Of(id); }
  // The expression that is lowered in the place of this one.
  auto Resolve(ast::ExprId id) const -> ast::ExprId;
  // The value, if it is known now.
  auto FindValue(ast::ExprId id) const -> std::optional<Value>;

  // Ends of chains: nothing is to their left.
  void LowerHead(ast::ExprId id, uint32_t to);
  // The left operand's value is in `to`.
  void Apply(ast::ExprId id, uint32_t to);
  void Link(Chain& chain, ast::ExprId id, uint32_t to);
  void EndChain(Chain& chain, uint32_t to, bool is_checked_next);

  void LowerConstant(const Value& value, ast::ExprId id, uint32_t to);
  void LowerIf(const ast::If& node, ast::ExprId id, uint32_t to);
  void LowerSet(const ast::SetLit& node, ast::ExprId id, uint32_t to);
  void LowerElements(std::span<const ast::ExprId> elements, ast::ExprId id, uint32_t to);
  void LowerRecord(const ast::RecordLit& node, ast::ExprId id, uint32_t to);
  void LowerFields(std::span<const ast::RecordLit::Entry> entries, ast::ExprId id, uint32_t to);
  void ApplyHas(const ast::HasAttr& node, ast::ExprId id, uint32_t to);
  void ApplyIs(const ast::Is& node, ast::ExprId id, uint32_t to);
  void ApplyLike(const ast::Like& node, ast::ExprId id, uint32_t to);
  void ApplyCall(const ast::Call& node, ast::ExprId id, uint32_t to);
  void ApplyOperation(const ast::Call& node, ast::ExprId id, uint32_t to);
  void ApplyQuantifier(const ast::Quantifier& node, ast::ExprId id, uint32_t to);
  void LowerStateRead(const ast::StateRead& node, ast::ExprId id, uint32_t to);
  void LowerStateHas(const ast::StateHas& node, ast::ExprId id, uint32_t to);
  auto FindState(ast::StateKind kind, SymbolId name, ast::ExprId id) -> uint32_t;
  void Refuse(ast::ExprId id, std::string_view what);

  LowerContext& context_;
  BodyBuilder& body_;
  const TypeFolds* folds_;
  std::vector<std::pair<SymbolId, ir::Register>> locals_;  // innermost last
  bool reported_depth_ = false;
};

}  // namespace remit
