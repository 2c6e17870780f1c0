// Names and strings of a schema's parse tree.
#include "compiler/parse/schema/cst_to_ast.h"
#include "compiler/parse/syntax_error.h"
#include "compiler/parse/unescape.h"
#include "runtime/base/text.h"

namespace remit {

using schema_ast::Name;

// `__cedar` may be written, for `__cedar::Long`; that nobody declares it is checked where names are declared.
void SchemaCstToAst::CheckReserved(std::string_view text, Span span) {
  if (IsReservedWord(text) && text != "__cedar") {
    Report(DiagnosticCode::SchemaReservedWord, span, text).help = "an attribute or an action may have this name in quotes, a type may not";
  }
}

auto SchemaCstToAst::ConvertIdent(Ident& ident) -> Name {
  const Span span = piece_.SpanOf(ident);
  const auto text = sources_.text(span);
  CheckReserved(text, span);
  return {.text = interner_.Intern(text), .span = span};
}

auto SchemaCstToAst::ConvertPath(const std::vector<Ident*>& idents, Span span) -> Name {
  if (idents.size() == 1) return ConvertIdent(*idents[0]);
  std::string path;
  for (auto* ident : idents) {
    const auto text = TextOf(*ident);
    CheckReserved(text, piece_.SpanOf(*ident));
    if (!path.empty()) path += "::";
    path += text;
  }
  return {.text = interner_.Intern(path), .span = span};
}

auto SchemaCstToAst::ConvertName(SchemaParser::NameContext& tree) -> Name {
  return tree.ident() != nullptr ? ConvertIdent(*tree.ident()) : ConvertString(*tree.STRING());
}

auto SchemaCstToAst::ConvertString(antlr4::tree::TerminalNode& node) -> Name {
  const Span span = piece_.SpanOf(*node.getSymbol());
  const auto body = sources_.text(span).substr(1, span.end - span.begin - 2);
  std::string text;
  const auto report = [&](size_t begin, size_t end) {
    const auto base = span.begin + 1;
    const Span place = {.file = span.file, .begin = base + static_cast<uint32_t>(begin), .end = base + static_cast<uint32_t>(end)};
    Report(DiagnosticCode::InvalidEscape, place, parse::Clip(sources_.text(place))).help =
        R"(escapes are \n \r \t \0 \\ \" \' \x41 and \u{1F600})";
  };
  parse::Unescape(body, [&](char32_t c) { AppendUtf8(text, c); }, report);
  return {.text = interner_.Intern(text), .span = span};
}

}  // namespace remit
