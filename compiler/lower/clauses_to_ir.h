// The clauses of Remit's statements: expressions become bodies that return a value, what is written out becomes plain data.
#pragma once

#include "compiler/lower/body_table.h"
#include "compiler/lower/expr_to_ir.h"

namespace remit {

class ClausesToIr {
 public:
  // All outlive this.
  ClausesToIr(LowerContext& context, BodyTable& bodies, ir::Program& program) : context_(context), bodies_(bodies), program_(program) {}

  // Adds to the program's tables what the statement says of the row `policy`. Reported: what is not written out but should be.
  void Add(uint32_t statement, uint32_t policy);

 private:
  struct Visitor;

  auto ValueBody(ast::ExprId expr) -> uint32_t;
  auto TripBody(ast::ExprId expr) -> uint32_t;
  auto ValueBodies(const std::vector<ast::ExprId>& exprs) -> std::vector<uint32_t>;
  void Oblige(uint32_t policy, const std::optional<ast::Oblige>& oblige);
  auto ToIr(const ast::Approval& approval) -> ir::Approval;
  auto ToIr(const std::optional<ast::Consequence>& consequence) -> ir::Consequence;
  auto ToIr(const ast::Window& window) -> ir::Window;
  // Milliseconds of a literal duration; 0 if there is none, or a mistake was reported.
  auto Millis(ast::ExprId id, std::string_view clause) -> int64_t;
  auto Count(ast::ExprId id, std::string_view clause) -> int64_t;
  void NotLiteral(ast::ExprId id, std::string_view clause, std::string_view wanted);

  LowerContext& context_;
  BodyTable& bodies_;
  ir::Program& program_;
};

}  // namespace remit
