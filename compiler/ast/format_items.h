// Items on lines of their own, in a file or in a block: what statements, declarations and the steps of a test share.
//
// An empty line before an item is kept, but for the first one.
#pragma once

#include "compiler/ast/format_expr.h"

namespace remit::ast {

class ItemFormat {
 public:
  explicit ItemFormat(FormatCursor& cursor) : cursor_(cursor), layout_(cursor.layout()) {}

  // The next token, with an empty line kept before it if it opens an item. Nothing at the end of the file.
  void Take() {
    if (cursor_.at_end()) return;
    cursor_.Take(opening_);
    opening_ = LayoutOp::Token;
  }
  void Space() { layout_.Add(LayoutOp::Space); }

  // `item` takes the tokens of one, and at least one.
  template <typename Item>
  void File(Item item) {
    bool is_first = true;
    while (!cursor_.at_end()) {
      Open(is_first);
      item();
      layout_.Add(LayoutOp::HardLine);
      is_first = false;
    }
    // The end of the file carries the comments after the last item.
    cursor_.Take(is_first ? LayoutOp::FirstToken : LayoutOp::StatementToken);
  }

  // `{`, items, `}`. Nothing without the `{`.
  template <typename Item>
  void Block(Item item) {
    if (!cursor_.at("{")) return;
    Take();
    layout_.Add(LayoutOp::Indent);
    bool is_first = true;
    while (!cursor_.at_end() && !cursor_.at("}")) {
      layout_.Add(LayoutOp::HardLine);
      Open(is_first);
      item();
      is_first = false;
    }
    layout_.Add(LayoutOp::Dedent);
    if (!is_first) layout_.Add(LayoutOp::HardLine);
    if (cursor_.at("}")) cursor_.Take(LayoutOp::ClosingToken);
  }

 private:
  void Open(bool is_first) { opening_ = is_first ? LayoutOp::FirstToken : LayoutOp::StatementToken; }

  FormatCursor& cursor_;
  Layout& layout_;
  LayoutOp opening_ = LayoutOp::Token;
};

}  // namespace remit::ast
