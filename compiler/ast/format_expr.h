// Where the lines of an expression may break.
//
// Reads tokens of text that is known to be correct, so it only tells operators, brackets and names apart. Every loop takes at
// least one token or ends, so that even other text would come out whole.
#pragma once

#include <string_view>

#include "compiler/ast/layout.h"

namespace remit::ast {

class FormatCursor {
 public:
  FormatCursor(const std::vector<FormatToken>& tokens, Layout& layout) : tokens_(tokens), layout_(layout) {}

  // Empty at the end of the file.
  auto text(size_t ahead = 0) const -> std::string_view;
  auto previous() const -> std::string_view;
  auto at_end() const -> bool { return layout_.next_token() + 1 >= tokens_.size(); }
  auto at(std::string_view expected) const -> bool { return text() == expected; }
  void Take(LayoutOp op = LayoutOp::Token) { layout_.AddToken(op); }
  auto layout() -> Layout& { return layout_; }
  auto position() const -> size_t { return layout_.next_token(); }

 private:
  const std::vector<FormatToken>& tokens_;
  Layout& layout_;
};

class ExprFormat {
 public:
  explicit ExprFormat(FormatCursor& cursor) : cursor_(cursor) {}

  // A broken chain of `&&` or `||` is not indented where it is all there is.
  void Whole(bool is_all_there_is);
  // Sums and what binds tighter.
  void Sum();
  // A list in any kind of brackets, from the opening one to the closing one.
  void Brackets();

 private:
  // The indentation of the operands of a `&&` or `||` chain, to be taken back.
  struct ChainIndent {
    size_t indent = 0;
    size_t dedent = 0;
    bool present = false;
  };
  enum class Tier : uint8_t { Or, And, Relation, Sum, Product, Unary };

  auto Chain(Tier tier) -> ChainIndent;
  auto AtOperator(Tier tier) const -> bool;
  void HangingOperand(Tier tier);
  void Conditional();
  void Prefixed();
  void Primary();

  FormatCursor& cursor_;
};

}  // namespace remit::ast
