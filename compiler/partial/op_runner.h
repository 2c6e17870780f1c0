// One operation of the decision program on values that are known, by the interpreter's own handlers.
//
// Folding must not have an opinion of its own about what `+` or `like` mean: a second implementation would have to agree with the first in
// every corner, error for error.
#pragma once

#include <expected>
#include <span>
#include <vector>

#include "compiler/ast/ast.h"
#include "runtime/eval/interpreter.h"

namespace remit::partial {

using RunResult = std::expected<Value, EvalError>;

class OpRunner {
 public:
  // All outlive the runner; results live in `arena`, the operands or the entities.
  OpRunner(const EntityStore& entities, const Interner& interner, Arena& arena);

  // `place` is what an error points at, `imm` the operation's symbol or builtin.
  auto Run(ir::Op op, std::span<const Value> operands, Span place, uint32_t imm = 0) -> RunResult;
  auto RunLike(const Value& text, const std::vector<ast::PatternElement>& pattern, Span place) -> RunResult;

 private:
  Request request_ = {};  // no operation that is run here reads it
  EvalInput input_;
  ir::Program program_;   // one body: the operation, then the return of its result
  std::vector<Value> registers_;
};

}  // namespace remit::partial
