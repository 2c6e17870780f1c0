#include "compiler/ast/format_expr.h"

#include <algorithm>
#include <array>

namespace remit::ast {
namespace {

template <size_t N>
auto IsOneOf(std::string_view text, const std::array<std::string_view, N>& words) -> bool {
  return std::ranges::find(words, text) != words.end();
}

constexpr auto kRelations = std::to_array<std::string_view>({"==", "!=", "<", "<=", ">", ">=", "in", "has", "like", "is"});
constexpr auto kSums = std::to_array<std::string_view>({"+", "-"});
constexpr auto kEnders = std::to_array<std::string_view>({")", "]", "}", ";", ",", ":", ""});

auto Closer(std::string_view opener) -> std::string_view {
  if (opener == "(") return ")";
  return opener == "[" ? "]" : "}";
}

}  // namespace

auto FormatCursor::text(size_t ahead) const -> std::string_view {
  const size_t index = layout_.next_token() + ahead;
  return index < tokens_.size() ? tokens_[index].text : std::string_view{};
}

auto FormatCursor::previous() const -> std::string_view {
  return layout_.next_token() == 0 ? std::string_view{} : tokens_[layout_.next_token() - 1].text;
}

void ExprFormat::Whole(bool is_all_there_is) {
  if (cursor_.at("if") && cursor_.text(1) != ":") {
    Conditional();
    return;
  }
  const ChainIndent chain = Chain(Tier::Or);
  if (!is_all_there_is || !chain.present) return;
  cursor_.layout().Erase(chain.indent);
  cursor_.layout().Erase(chain.dedent);
}

void ExprFormat::Sum() { Chain(Tier::Sum); }

void ExprFormat::Conditional() {
  Layout& layout = cursor_.layout();
  const auto mark = layout.Open();
  cursor_.Take();
  layout.Add(LayoutOp::Space);
  Whole(false);
  for (const std::string_view branch : {"then", "else"}) {
    if (!cursor_.at(branch)) break;
    layout.Add(LayoutOp::Line);
    cursor_.Take();
    layout.Add(LayoutOp::Space);
    Whole(false);
  }
  layout.Group(mark);
}

auto ExprFormat::AtOperator(Tier tier) const -> bool {
  switch (tier) {
    case Tier::Or: return cursor_.at("||");
    case Tier::And: return cursor_.at("&&");
    case Tier::Relation: return IsOneOf(cursor_.text(), kRelations);
    case Tier::Sum: return IsOneOf(cursor_.text(), kSums);
    case Tier::Product: return cursor_.at("*");
    case Tier::Unary: return false;
  }
  return false;
}

// Operands of one tier, one group however many: `a && b && c` breaks after every operator or after none.
auto ExprFormat::Chain(Tier tier) -> ChainIndent {
  if (tier == Tier::Unary) {
    Prefixed();
    return {};
  }
  Layout& layout = cursor_.layout();
  const auto tighter = static_cast<Tier>(static_cast<uint8_t>(tier) + 1);
  const auto mark = layout.Open();
  const ChainIndent inner = Chain(tighter);
  if (!AtOperator(tier)) return inner;

  if (tier > Tier::And) {
    while (AtOperator(tier)) HangingOperand(tighter);
    layout.Group(mark);
    return {};
  }
  const size_t indent = layout.Add(LayoutOp::Indent);
  while (AtOperator(tier)) {
    layout.Add(LayoutOp::Space);
    cursor_.Take();
    layout.Add(LayoutOp::Line);
    Chain(tighter);
  }
  const size_t dedent = layout.Add(LayoutOp::Dedent);
  layout.Group(mark);
  return {.indent = indent, .dedent = dedent, .present = true};
}

// A list or record stays on the operator's line, as in `action in [`; anything else may go to the next, indented.
void ExprFormat::HangingOperand(Tier tier) {
  Layout& layout = cursor_.layout();
  layout.Add(LayoutOp::Space);
  cursor_.Take();
  if (cursor_.at("[") || cursor_.at("{")) {
    layout.Add(LayoutOp::Space);
    Chain(tier);
    return;
  }
  layout.Add(LayoutOp::Indent);
  layout.Add(LayoutOp::Line);
  Chain(tier);
  layout.Add(LayoutOp::Dedent);
}

// `!!a.b["c"].d(e)`: tight but for what stands in brackets.
void ExprFormat::Prefixed() {
  while (cursor_.at("!") || cursor_.at("-")) cursor_.Take();
  Primary();
  while (true) {
    if (cursor_.at(".") || cursor_.at("::")) {
      cursor_.Take();
      if (!IsOneOf(cursor_.text(), kEnders)) cursor_.Take();
    } else if (cursor_.at("(") || cursor_.at("[")) {
      Brackets();
    } else {
      return;
    }
  }
}

void ExprFormat::Primary() {
  if (cursor_.at("(") || cursor_.at("[") || cursor_.at("{")) {
    Brackets();
  } else if (!IsOneOf(cursor_.text(), kEnders)) {
    cursor_.Take();
  }
}

void ExprFormat::Brackets() {
  Layout& layout = cursor_.layout();
  const auto closer = Closer(cursor_.text());
  const auto edge = closer == "}" ? LayoutOp::Line : LayoutOp::SoftLine;
  const auto mark = layout.Open();
  cursor_.Take();
  if (!cursor_.at(closer)) {
    layout.Add(LayoutOp::Indent);
    layout.Add(edge);
    bool is_first = true;
    while (!cursor_.at_end() && !cursor_.at(closer)) {
      const size_t before = cursor_.position();
      Whole(is_first);
      if (cursor_.at(":")) {
        cursor_.Take();
        layout.Add(LayoutOp::Space);
        Whole(false);
      }
      if (cursor_.at(",")) {
        cursor_.Take();
        layout.Add(LayoutOp::Line);
      }
      if (cursor_.position() == before) cursor_.Take();
      is_first = false;
    }
    layout.Add(LayoutOp::Dedent);
    layout.Add(edge);
  }
  if (cursor_.at(closer)) cursor_.Take(LayoutOp::ClosingToken);
  layout.Group(mark);
}

}  // namespace remit::ast
