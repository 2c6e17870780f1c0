// The lines of `--dump ast`: indentation, text, span.
#pragma once

#include <string>

#include "compiler/ast/ast.h"

namespace remit::ast {

class DumpWriter {
 public:
  DumpWriter(const Ast& ast, const Interner& interner) : ast_(ast), interner_(interner) {}

  void Line(size_t depth, std::string_view text, Span span = {});
  // The expression and its operands, with `label` before the first; nothing if there is none.
  void Tree(size_t depth, ExprId id, std::string_view label = {});

  auto interner() const -> const Interner& { return interner_; }
  auto take() -> std::string { return std::move(out_); }

 private:
  const Ast& ast_;
  const Interner& interner_;
  std::string out_;
};

void DumpStatement(const Statement& statement, DumpWriter& writer);

}  // namespace remit::ast
