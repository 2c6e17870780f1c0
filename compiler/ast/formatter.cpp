// Statements: annotations, head and each clause on a line of its own.
//
// A clause begins at a keyword that stands where none of the words of the clause before it can.
#include "compiler/ast/formatter.h"

#include <algorithm>
#include <array>

#include "compiler/ast/format_items.h"

namespace remit::ast {
namespace {

constexpr auto kClauses =
    std::to_array<std::string_view>({"when", "unless", "approval", "oblige", "charge", "per", "limit", "each", "within", "refill",
                                     "concurrent", "hold", "exceeded", "trip", "cooldown", "probe", "open"});

// A clause that goes on the line of the one before it: `limit { 5 } each day`.
struct Continuation {
  std::string_view clause;
  std::string_view next;
};
constexpr auto kContinuations = std::to_array<Continuation>(
    {{"limit", "each"}, {"limit", "within"}, {"limit", "refill"}, {"limit", "concurrent"}, {"trip", "within"}, {"cooldown", "probe"}});

// `unsettled charge`, `escalate approval { .. }`: words of a clause that are spelt like the beginning of one.
auto IsInsideClause(std::string_view previous, std::string_view word) -> bool {
  return (previous == "unsettled" && word == "charge") || (previous == "escalate" && word == "approval");
}

auto IsNameStart(std::string_view text) -> bool {
  return !text.empty() && (text[0] == '_' || (text[0] >= 'a' && text[0] <= 'z') || (text[0] >= 'A' && text[0] <= 'Z'));
}

class StatementFormat {
 public:
  explicit StatementFormat(FormatCursor& cursor) : cursor_(cursor), layout_(cursor.layout()), items_(cursor), exprs_(cursor) {}

  void File() {
    items_.File([&] { Statement(); });
  }

 private:
  void Take() { items_.Take(); }
  void Space() { items_.Space(); }

  void Statement() {
    while (cursor_.at("@")) Annotation();
    if (cursor_.at("test") && cursor_.text(1).starts_with('"')) {
      Test();
      return;
    }
    Head();
    Clauses();
    if (cursor_.at(";")) Take();
  }

  void Annotation() {
    Take();
    if (IsNameStart(cursor_.text())) Take();
    if (cursor_.at("(")) exprs_.Brackets();
    layout_.Add(LayoutOp::HardLine);
  }

  // `budget name (principal, action, resource)`
  void Head() {
    bool is_first = true;
    while (!cursor_.at_end() && !cursor_.at(";")) {
      if (!is_first) Space();
      is_first = false;
      if (cursor_.at("(")) {
        exprs_.Brackets();
        return;
      }
      Take();
    }
  }

  void Clauses() {
    std::string_view clause;
    while (!cursor_.at_end() && !cursor_.at(";")) {
      const auto word = cursor_.text();
      const bool opens = std::ranges::find(kClauses, word) != kClauses.end() && !IsInsideClause(cursor_.previous(), word);
      const bool continues = std::ranges::any_of(kContinuations, [&](const auto& row) { return row.clause == clause && row.next == word; });
      layout_.Add(opens && !continues ? LayoutOp::HardLine : LayoutOp::Space);
      if (opens) clause = word;
      if (word == "{" || word == "(" || word == "[") {
        exprs_.Brackets();
      } else {
        Take();
      }
    }
  }

  void Test() {
    Take();
    Space();
    Take();
    Space();
    items_.Block([&] { Step(); });
  }

  // Words and operands up to the `;`: `entity User::"a" in [Team::"b"] { level: 1 };`
  void Step() {
    const auto mark = layout_.Open();
    Take();
    while (!cursor_.at_end() && !cursor_.at(";") && !cursor_.at("}")) {
      if (cursor_.at(",")) {
        Take();
        layout_.Add(LayoutOp::Indent);
        layout_.Add(LayoutOp::Line);
        StepPart();
        layout_.Add(LayoutOp::Dedent);
        continue;
      }
      Space();
      StepPart();
    }
    if (cursor_.at(";")) Take();
    layout_.Group(mark);
  }

  void StepPart() {
    const size_t before = cursor_.position();
    const auto next = cursor_.text(1);
    const bool is_word = IsNameStart(cursor_.text()) && next != "::" && next != "." && next != "(";
    if (is_word) {
      Take();
    } else if (cursor_.at("{") || cursor_.at("[") || cursor_.at("(")) {
      exprs_.Brackets();
    } else {
      exprs_.Sum();
    }
    if (cursor_.position() == before && !cursor_.at(";") && !cursor_.at("}")) Take();
  }

  FormatCursor& cursor_;
  Layout& layout_;
  ItemFormat items_;
  ExprFormat exprs_;
};

}  // namespace

auto CommentBody(std::string_view comment) -> std::string_view {
  const size_t last = comment.find_last_not_of(" \t\r\n\f\v");
  return comment.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

auto FormatSource(FileId file, const SourceManager& sources, const std::vector<CommentText>& comments, const FormatOptions& options)
    -> std::string {
  const auto tokens = TokensWithComments(sources.file(file).text(), comments);
  Layout layout{tokens};
  FormatCursor cursor{tokens, layout};
  StatementFormat{cursor}.File();
  return layout.Render(options);
}

}  // namespace remit::ast
