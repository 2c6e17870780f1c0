#include "compiler/schema/formatter.h"

#include "compiler/ast/format_items.h"

namespace remit {
namespace {

using ast::FormatCursor;
using ast::Layout;
using ast::LayoutOp;

// Annotations and declarations stand on lines of their own; records and lists break if they do not fit. Reads tokens of correct text; every loop
// takes a token or ends, so that other text would come out whole too.
class SchemaLayout {
 public:
  explicit SchemaLayout(FormatCursor& cursor) : cursor_(cursor), layout_(cursor.layout()), items_(cursor) {}

  void File() {
    items_.File([&] { Item(); });
  }

 private:
  void Take() { items_.Take(); }
  void Space() { items_.Space(); }

  void Item() {
    Annotations(LayoutOp::HardLine);
    cursor_.at("namespace") ? Namespace() : Declaration();
  }

  void Annotations(LayoutOp after) {
    while (cursor_.at("@")) {
      Take();
      Take();
      if (cursor_.at("(")) {
        while (!cursor_.at_end() && !cursor_.at(")")) Take();
        Take();
      }
      layout_.Add(after);
    }
  }

  void Namespace() {
    Take();
    Space();
    Path();
    Space();
    items_.Block([&] { Item(); });
  }

  // `entity A, B in [C] { .. } tags Long;`: pieces with a space between them.
  void Declaration() {
    bool is_first = true;
    while (!cursor_.at_end() && !cursor_.at(";") && !cursor_.at("}")) {
      if (cursor_.at(",")) {
        Take();
        continue;
      }
      if (!is_first) Space();
      is_first = false;
      Piece();
    }
    if (cursor_.at(";") || is_first) Take();
  }

  // A type, a list, or a word.
  void Piece() {
    if (cursor_.at("{")) {
      Brackets("}", LayoutOp::Line, [&] { Attribute(); });
    } else if (cursor_.at("[")) {
      Brackets("]", LayoutOp::SoftLine, [&] { Path(); });
    } else if (cursor_.at("Set") && cursor_.text(1) == "<") {
      Take();
      Take();
      Piece();
      if (cursor_.at(">")) Take();
    } else {
      Path();
    }
  }

  // `a`, `a::b`, `a::"b"`
  void Path() {
    Take();
    while (cursor_.at("::")) {
      Take();
      Take();
    }
  }

  // `@doc("..") name?: Type`, and the clauses of `appliesTo`
  void Attribute() {
    Annotations(LayoutOp::Line);
    Take();
    if (cursor_.at("?")) Take();
    if (!cursor_.at(":")) return;
    Take();
    Space();
    Piece();
  }

  template <typename Element>
  void Brackets(std::string_view closer, LayoutOp edge, Element element) {
    const auto mark = layout_.Open();
    Take();
    if (!cursor_.at(closer)) {
      layout_.Add(LayoutOp::Indent);
      layout_.Add(edge);
      while (!cursor_.at_end() && !cursor_.at(closer)) {
        element();
        if (!cursor_.at(",")) continue;
        Take();
        layout_.Add(LayoutOp::Line);
      }
      layout_.Add(LayoutOp::Dedent);
      layout_.Add(edge);
    }
    if (cursor_.at(closer)) cursor_.Take(LayoutOp::ClosingToken);
    layout_.Group(mark);
  }

  FormatCursor& cursor_;
  Layout& layout_;
  ast::ItemFormat items_;
};

}  // namespace

auto FormatSchemaText(std::string_view text, const std::vector<ast::CommentText>& comments, const ast::FormatOptions& options)
    -> std::string {
  const auto tokens = ast::TokensWithComments(text, comments);
  Layout layout{tokens};
  FormatCursor cursor{tokens, layout};
  SchemaLayout{cursor}.File();
  return layout.Render(options);
}

}  // namespace remit
