#include "compiler/parse/syntax_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "compiler/parse/expected_tokens.h"
#include "compiler/parse/token_source.h"
#include "runtime/base/did_you_mean.h"
#include "runtime/base/text.h"

namespace remit::parse {
namespace {

// A string over several lines among the first `count` tokens is often one whose closing quote is missing.
auto SuspectString(const TokenBuffer& tokens, size_t count, FileId file, const SourceManager& sources) -> std::string {
  for (size_t i = count; i-- > 0;) {
    const auto* token = tokens.get(i);
    if (token->getType() != Lexer::STRING || sources.text(TokenSpan(*token, file)).find('\n') == std::string_view::npos) continue;
    return fmt::format("the string that begins on line {} goes on over several lines; is its closing `\"` missing?", token->getLine());
  }
  return "";
}

// The error with everything at hand that a rule below may look at.
class Explanation {
 public:
  Explanation(const SyntaxError& error, const SyntaxReport& report)
      : report_(report), index_(error.index), expected_(error.expected, report.vocabulary) {}

  void Report();

 private:
  // Each reports and returns true if it knows better than "unexpected token".
  auto AtEnd() -> bool;
  auto AtWrongBracket() -> bool;
  auto AtStatementStart() -> bool;
  auto AtClause() -> bool;
  auto Reserved() -> bool;

  auto Help() const -> std::string;
  auto OperatorHelp() const -> std::string;
  auto StringHelp() const -> std::string;
  auto UnclosedBracket() const -> const antlr4::Token*;

  auto Token(ptrdiff_t distance = 0) const -> const antlr4::Token*;
  auto Type(ptrdiff_t distance = 0) const -> size_t { return Token(distance) == nullptr ? 0 : Token(distance)->getType(); }
  auto Text(ptrdiff_t distance = 0) const -> std::string_view;
  auto SpanHere() const -> Span { return TokenSpan(*Token(), report_.file); }
  auto DidYouMean() const -> std::string;

  const SyntaxReport& report_;
  size_t index_;
  ExpectedTokens expected_;
};

auto Explanation::Token(ptrdiff_t distance) const -> const antlr4::Token* {
  const auto index = static_cast<ptrdiff_t>(index_) + distance;
  if (index < 0 || index >= static_cast<ptrdiff_t>(report_.tokens.tokens().size())) return nullptr;
  return report_.tokens.get(static_cast<size_t>(index));
}

auto Explanation::Text(ptrdiff_t distance) const -> std::string_view {
  const auto* token = Token(distance);
  if (token == nullptr || token->getType() == antlr4::Token::EOF) return "";
  return report_.sources.text(TokenSpan(*token, report_.file));
}

auto Explanation::DidYouMean() const -> std::string {
  const auto keywords = expected_.keywords();
  return remit::DidYouMean(Text(), {keywords.begin(), keywords.end()});
}

void Explanation::Report() {
  if (AtEnd() || AtWrongBracket() || Reserved() || AtStatementStart() || AtClause()) return;
  report_.sink.Report(DiagnosticCode::UnexpectedToken, SpanHere(), Clip(Text())).help = Help();
}

auto Explanation::UnclosedBracket() const -> const antlr4::Token* {
  std::vector<const antlr4::Token*> open;
  for (size_t i = 0; i < index_; ++i) {
    const auto* token = report_.tokens.get(i);
    switch (token->getType()) {
      case Lexer::LEFT_PAREN:
      case Lexer::LEFT_BRACE:
      case Lexer::LEFT_BRACKET: open.push_back(token); break;
      case Lexer::RIGHT_PAREN:
      case Lexer::RIGHT_BRACE:
      case Lexer::RIGHT_BRACKET:
        if (!open.empty()) open.pop_back();
        break;
      default: break;
    }
  }
  return open.empty() ? nullptr : open.back();
}

auto Closing(size_t open_bracket) -> size_t {
  if (open_bracket == Lexer::LEFT_PAREN) return Lexer::RIGHT_PAREN;
  return open_bracket == Lexer::LEFT_BRACE ? Lexer::RIGHT_BRACE : Lexer::RIGHT_BRACKET;
}

auto Explanation::AtWrongBracket() -> bool {
  if (Type() != Lexer::RIGHT_PAREN && Type() != Lexer::RIGHT_BRACE && Type() != Lexer::RIGHT_BRACKET) return false;
  const auto* open = UnclosedBracket();
  if (open == nullptr || Closing(open->getType()) == Type() || !expected_.Has(Closing(open->getType()))) return false;
  const auto span = TokenSpan(*open, report_.file);
  report_.sink.Report(DiagnosticCode::UnclosedBracket, span, report_.sources.text(span)).help = StringHelp();
  return true;
}

auto Explanation::AtEnd() -> bool {
  const bool at_end = Type() == antlr4::Token::EOF;
  if (!at_end && Type() != Lexer::SEMICOLON) return false;
  if (const auto* bracket = UnclosedBracket(); bracket != nullptr && !(expected_.operand() && !at_end)) {
    const auto span = TokenSpan(*bracket, report_.file);
    report_.sink.Report(DiagnosticCode::UnclosedBracket, span, report_.sources.text(span)).help = StringHelp();
    return true;
  }
  if (!at_end) return false;
  if (expected_.Has(Lexer::SEMICOLON)) {
    report_.sink.Report(DiagnosticCode::MissingSemicolon, SpanHere()).help = StringHelp();
  } else {
    report_.sink.Report(DiagnosticCode::UnexpectedEnd, SpanHere()).help = Help();
  }
  return true;
}

auto Explanation::Reserved() -> bool {
  const bool starts = expected_.Has(Lexer::PERMIT) && !expected_.Has(Lexer::IDENTIFIER);
  std::string_view what;
  if (starts && Text() == "import") what = "imports of policy packs";
  if (starts && Text() == "fn") what = "macros with `fn`";
  if (expected_.Has(Lexer::LEFT_BRACE) && Text() == "temporal" && (Type(-1) == Lexer::WHEN || Type(-1) == Lexer::UNLESS))
    what = "temporal conditions";
  if (what.empty()) return false;
  report_.sink.Report(DiagnosticCode::ReservedForLater, SpanHere(), what);
  return true;
}

auto Explanation::AtStatementStart() -> bool {
  if (!IsWord(Type()) || !expected_.Has(Lexer::PERMIT) || expected_.Has(Lexer::IDENTIFIER)) return false;
  auto help = DidYouMean();
  if (help.empty() && (Text() == "allow" || Text() == "grant")) help = "did you mean `permit`?";
  if (help.empty()) help = expected_.Describe();
  report_.sink.Report(DiagnosticCode::UnknownStatement, SpanHere(), Clip(Text())).help = help;
  return true;
}

auto Explanation::AtClause() -> bool {
  if (!IsWord(Type()) || !expected_.Has(Lexer::WHEN) || expected_.Has(Lexer::IDENTIFIER)) return false;
  auto help = DidYouMean();
  if (help.empty()) help = expected_.Describe();
  report_.sink.Report(DiagnosticCode::UnknownClause, SpanHere(), Clip(Text())).help = help;
  return true;
}

auto Explanation::OperatorHelp() const -> std::string {
  if (Type(-1) == Lexer::EQUAL && (Type() == Lexer::ASSIGN || Type() == Lexer::EQUAL)) return "equality is `==`";
  if (Type(-1) == Lexer::LESS && Type() == Lexer::GREATER) return "inequality is `!=`";
  if ((Type() == Lexer::SLASH && Type(1) == Lexer::STAR) || (Type() == Lexer::STAR && Type(-1) == Lexer::SLASH)) {
    return "comments begin with `//` and end with the line";
  }
  if (Type() == Lexer::NUMBER && Type(-1) == Lexer::DOT) return "numbers are whole; write `decimal(\"1.5\")` for a fraction";
  if (Type() == Lexer::IF) return "put the `if` in brackets to use it inside an expression";
  if (Type() == Lexer::COMMA && Type(-1) == Lexer::COMMA) return "one `,` is enough";
  if (!expected_.operation()) return "";
  if (Text() == "and" || Text() == "AND") return "logical and is `&&`";
  if (Text() == "or" || Text() == "OR") return "logical or is `||`";
  if (Text() == "not" && Text(1) == "in") return "write `!(a in b)`";
  if (Text(-1) == "not" || Text(-1) == "NOT") return "logical not is `!`";
  if (Type() == Lexer::COLON && Type(1) == Lexer::STRING) return "an entity is written with two colons: `Type::\"id\"`";
  return "";
}

auto Explanation::StringHelp() const -> std::string { return SuspectString(report_.tokens, index_, report_.file, report_.sources); }

auto Explanation::Help() const -> std::string {
  if (auto help = OperatorHelp(); !help.empty()) return help;
  if (auto help = StringHelp(); !help.empty()) return help;
  if (auto help = IsWord(Type()) ? DidYouMean() : ""; !help.empty()) return help;
  if (auto help = expected_.Describe(); !help.empty()) return help;
  if (Type(-1) == Lexer::COMMA) return "expected an expression";
  if (Type(-1) == Lexer::PATH) return "expected an identifier or a string";
  return "";
}

auto InvalidTokenHelp(std::string_view rest) -> std::string {
  if (rest.starts_with('\'')) return "strings have double quotes, not single ones";
  if (rest.starts_with('&')) return "logical and is `&&`";
  if (rest.starts_with('|')) return "logical or is `||`";
  if (rest.starts_with('#')) return "comments begin with `//`";
  if (rest.starts_with('?')) return "a template slot is `?principal` or `?resource`";
  if (rest.starts_with("\xEF\xBB\xBF")) return "remove the byte order mark";
  if (rest.starts_with("\xE2\x80\x9C") || rest.starts_with("\xE2\x80\x9D")) return "strings have straight double quotes";
  return "";
}

}  // namespace

auto TokenSpan(const antlr4::Token& token, FileId file) -> Span {
  const auto begin = static_cast<uint32_t>(token.getStartIndex());
  return {.file = file, .begin = begin, .end = std::max(begin, static_cast<uint32_t>(token.getStopIndex() + 1))};
}

auto Clip(std::string_view text) -> std::string {
  constexpr size_t kLongest = 60;
  size_t end = 0;
  while (end < text.size() && end < kLongest && text[end] != '\n' && text[end] != '\r') DecodeUtf8(text, end);
  return std::string{text.substr(0, end)} + (end < text.size() ? "..." : "");
}

void ReportSyntaxError(const SyntaxError& error, const SyntaxReport& report) { Explanation{error, report}.Report(); }

void ReportInvalidToken(const antlr4::Token& token, const TokenBuffer& before, FileId file, const SourceManager& sources,
                        DiagnosticSink& sink) {
  auto span = TokenSpan(token, file);
  const auto rest = sources.file(file).text().substr(span.begin);
  if (token.getType() == Lexer::UNTERMINATED_STRING) {
    span.end = span.begin + static_cast<uint32_t>(std::min(rest.find_first_of("\r\n"), rest.size()));
    span.end = std::min(span.end, static_cast<uint32_t>(token.getStopIndex() + 1));
    sink.Report(DiagnosticCode::UnterminatedString, span).help = SuspectString(before, before.tokens().size(), file, sources);
    return;
  }
  size_t end = 0;
  DecodeUtf8(rest, end);
  span.end = span.begin + static_cast<uint32_t>(end);
  sink.Report(DiagnosticCode::InvalidToken, span).help = InvalidTokenHelp(rest);
}

}  // namespace remit::parse
