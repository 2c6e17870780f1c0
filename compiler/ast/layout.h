// Width-aware layout after Oppen: a flat stream of tokens, possible line breaks and groups. A group is written on one line if it fits
// there, else all its own breaks are taken. Comments always end their line.
//
// A stream rather than a tree: it is built in one pass, costs no recursion to lay out, and a chain of a hundred thousand operands is one group.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/ast/format_tokens.h"

namespace remit::ast {

enum class LayoutOp : uint8_t {
  Nothing,
  GroupBegin,  // value: where its GroupEnd is
  GroupEnd,
  Indent,
  Dedent,
  Space,
  Line,  // a space, or a break
  SoftLine,  // nothing, or a break
  HardLine,  // a break
  Token,  // value: which, here and below
  ClosingToken,  // a closing bracket: comments before it belong to the inside
  StatementToken,  // opens a statement or step: one empty line before it is kept
  FirstToken,  // opens the first one of a file or block
};

class Layout {
 public:
  explicit Layout(const std::vector<FormatToken>& tokens);

  struct Mark {
    size_t item;
    size_t token;
  };

  // Where a group may begin; it does if Group is called with the mark, else the mark is nothing.
  auto Open() -> Mark;
  // The group from the mark to here. It is broken in any case if a comment stands between its tokens.
  void Group(Mark mark);
  // Returns the position, for Erase.
  auto Add(LayoutOp op) -> size_t;
  void AddToken(LayoutOp op);
  void Erase(size_t item) { items_[item] = {}; }

  auto next_token() const -> size_t { return next_token_; }
  auto Render(const FormatOptions& options) const -> std::string;

 private:
  friend class LayoutRenderer;
  struct Item {
    LayoutOp op = LayoutOp::Nothing;
    bool broken = false;
    uint32_t value = 0;
  };

  const std::vector<FormatToken>& tokens_;
  std::vector<Item> items_;
  std::vector<uint32_t> comments_before_;  // comments between tokens up to the one with this index
  size_t next_token_ = 0;
};

}  // namespace remit::ast
