#include "compiler/ast/layout.h"

#include <algorithm>

namespace remit::ast {
namespace {

// In code points, which is near enough for a line width.
auto WidthOf(std::string_view text) -> size_t {
  return static_cast<size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<uint8_t>(c) & 0xC0) != 0x80; }));
}

auto IsTokenOp(LayoutOp op) -> bool { return op >= LayoutOp::Token; }

}  // namespace

Layout::Layout(const std::vector<FormatToken>& tokens) : tokens_(tokens), comments_before_(tokens.size()) {
  for (size_t i = 1; i < tokens.size(); ++i) {
    const auto in_gap = (tokens[i - 1].trailing ? 1U : 0U) + static_cast<uint32_t>(tokens[i].leading.size());
    comments_before_[i] = comments_before_[i - 1] + in_gap;
  }
}

auto Layout::Open() -> Mark { return {.item = Add(LayoutOp::Nothing), .token = next_token_}; }

void Layout::Group(Mark mark) {
  const bool has_comments = next_token_ > mark.token && comments_before_[next_token_ - 1] > comments_before_[mark.token];
  const size_t end = Add(LayoutOp::GroupEnd);
  items_[mark.item] = {.op = LayoutOp::GroupBegin, .broken = has_comments, .value = static_cast<uint32_t>(end)};
}

auto Layout::Add(LayoutOp op) -> size_t {
  items_.push_back({.op = op});
  return items_.size() - 1;
}

void Layout::AddToken(LayoutOp op) { items_.push_back({.op = op, .broken = false, .value = static_cast<uint32_t>(next_token_++)}); }

class LayoutRenderer {
 public:
  LayoutRenderer(const Layout& layout, const FormatOptions& options) : layout_(layout), options_(options) {}

  auto Render() -> std::string {
    for (size_t i = 0; i < layout_.items_.size(); ++i) Step(i);
    if (!line_is_empty_) NewLine();
    return std::move(out_);
  }

 private:
  // Deeper levels would only be blanks: text that nests a lot must not grow with the square of its depth.
  auto Columns(size_t levels) const -> size_t {
    constexpr size_t kMostColumns = 160;
    return std::min(levels * options_.indent, kMostColumns);
  }

  void Step(size_t index) {
    const auto& item = layout_.items_[index];
    switch (item.op) {
      case LayoutOp::Nothing: break;
      case LayoutOp::GroupBegin: flat_.push_back(is_flat() || (!item.broken && Fits(index))); break;
      case LayoutOp::GroupEnd: flat_.pop_back(); break;
      case LayoutOp::Indent: ++indent_; break;
      case LayoutOp::Dedent: --indent_; break;
      case LayoutOp::Space: space_due_ = true; break;
      case LayoutOp::Line: Break(true); break;
      case LayoutOp::SoftLine: Break(false); break;
      case LayoutOp::HardLine: break_due_ = true; break;
      case LayoutOp::Token:
      case LayoutOp::ClosingToken:
      case LayoutOp::StatementToken:
      case LayoutOp::FirstToken: WriteToken(layout_.tokens_[item.value], item.op); break;
    }
  }

  auto is_flat() const -> bool { return !flat_.empty() && flat_.back(); }

  void Break(bool space_if_flat) {
    if (!is_flat()) {
      break_due_ = true;
    } else if (space_if_flat) {
      space_due_ = true;
    }
  }

  void WriteToken(const FormatToken& token, LayoutOp op) {
    const bool keeps_blank = op == LayoutOp::StatementToken || op == LayoutOp::FirstToken;
    bool may_be_blank = op == LayoutOp::StatementToken;
    for (const auto& comment : token.leading) {
      break_due_ = true;
      StartLine(may_be_blank && comment.blank_before, op == LayoutOp::ClosingToken ? indent_ + 1 : indent_);
      out_ += comment.text;
      line_is_empty_ = false;
      break_due_ = true;
      may_be_blank = keeps_blank;
    }
    if (token.text.empty()) return;
    StartLine(may_be_blank && token.blank_before, indent_);
    WriteText(token.text);
    if (!token.trailing) return;
    out_ += ' ';
    out_ += token.trailing->text;
    break_due_ = true;
  }

  // Takes a break or a space that is due and indents a new line.
  void StartLine(bool blank_before, size_t indent) {
    if (break_due_ && !line_is_empty_) NewLine();
    if (line_is_empty_) {
      if (blank_before && !out_.empty()) out_ += '\n';
      out_.append(Columns(indent), ' ');
      column_ = Columns(indent);
    } else if (space_due_) {
      out_ += ' ';
      ++column_;
    }
    break_due_ = false;
    space_due_ = false;
    line_is_empty_ = false;
  }

  void WriteText(std::string_view text) {
    out_ += text;
    const size_t last_line = text.rfind('\n');
    column_ = last_line == std::string_view::npos ? column_ + WidthOf(text) : WidthOf(text.substr(last_line + 1));
  }

  void NewLine() {
    out_ += '\n';
    line_is_empty_ = true;
  }

  // Whether the group that begins at `index`, and what follows up to the next possible break, ends before the line does.
  auto Fits(size_t index) const -> bool {
    size_t column = break_due_ || line_is_empty_ ? Columns(indent_) : column_ + (space_due_ ? 1 : 0);
    const size_t end = layout_.items_[index].value;
    for (size_t i = index; i < layout_.items_.size(); ++i) {
      const auto& item = layout_.items_[i];
      const bool is_break = item.op == LayoutOp::Line || item.op == LayoutOp::SoftLine || item.op == LayoutOp::HardLine;
      if (is_break && i > end) return true;
      if (item.op == LayoutOp::HardLine) return false;
      if (item.op == LayoutOp::Line || item.op == LayoutOp::Space) ++column;
      if (!IsTokenOp(item.op)) continue;
      const auto& token = layout_.tokens_[item.value];
      if (i > end && !token.leading.empty()) return true;
      // No more of a long token than decides the question.
      column += WidthOf(token.text.substr(0, std::min(token.text.find('\n'), 4 * (size_t{options_.line_width} + 1))));
      if (column > options_.line_width) return false;
      if (token.trailing || token.text.find('\n') != std::string_view::npos) return true;
    }
    return true;
  }

  const Layout& layout_;
  const FormatOptions& options_;
  std::string out_;
  std::vector<bool> flat_;
  size_t indent_ = 0;
  size_t column_ = 0;
  bool line_is_empty_ = true;
  bool space_due_ = false;
  bool break_due_ = false;
};

auto Layout::Render(const FormatOptions& options) const -> std::string { return LayoutRenderer{*this, options}.Render(); }

}  // namespace remit::ast
