// Words for what ANTLR could not make sense of: what was found, what could have been there, and the likely mistake.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "compiler/parse/schema/text_to_cst.h"
#include "runtime/base/text.h"

namespace remit {
namespace {

// A token may be a string of any length.
auto Shorten(std::string_view token) -> std::string {
  constexpr size_t kLongest = 60;
  if (token.size() <= kLongest) return std::string{token};
  size_t end = kLongest;
  while ((static_cast<uint8_t>(token[end]) & 0xC0) == 0x80) --end;
  return std::string{token.substr(0, end)} + "...";
}

auto ListExpected(const std::vector<std::string>& expected) -> std::string {
  if (expected.empty()) return {};
  if (expected.size() == 1) return "expected " + expected[0];
  return fmt::format("expected {} or {}", fmt::join(expected.begin(), expected.end() - 1, ", "), expected.back());
}

auto Expects(const SchemaSyntaxError& error, std::string_view what) -> bool {
  return std::ranges::find(error.expected, what) != error.expected.end();
}

// The last character before `offset` that is no ASCII space.
auto CharacterBefore(std::string_view text, uint32_t offset) -> char {
  const size_t at = text.substr(0, offset).find_last_not_of(" \t\r\n");
  return at == std::string_view::npos ? '\0' : text[at];
}

auto HelpForInvalidToken(std::string_view token) -> std::string {
  if (token == "/") return "comments start with `//`; there are no block comments";
  if (token == "'") return "strings are written in double quotes";
  if (token == "\"") return "a backslash at the end of a line does not continue a string";
  return {};
}

auto HelpForUnexpectedToken(const SchemaSyntaxError& error, std::string_view token, std::string_view text) -> std::string {
  const char before = CharacterBefore(text, error.span.begin);
  if (Expects(error, "`entity`")) {
    if (token == ";" && before == '}') return "a namespace is not followed by `;`";
    if (token == ";") return "remove this `;`";
    if (const auto closest = ClosestMatch(token, {"entity", "action", "type", "namespace"})) return fmt::format("did you mean `{}`?", *closest);
    return "expected a declaration: `entity`, `action`, `type` or `namespace`";
  }
  if (token == "{" && Expects(error, "`appliesTo`")) return "write `appliesTo` before an action's `{ principal: .., resource: .. }`";
  if (token == "]" && before == ',') return "remove the comma before `]`";
  if (token == ":" && Expects(error, "`=`")) return "write `=` here";
  return ListExpected(error.expected);
}

}  // namespace

auto StartsDeclaration(size_t token_type) -> bool {
  return token_type == SchemaParser::ENTITY || token_type == SchemaParser::ACTION || token_type == SchemaParser::TYPE ||
         token_type == SchemaParser::NAMESPACE;
}

auto IsMissingSemicolon(const SchemaSyntaxError& error, std::string_view token) -> bool {
  return error.token_expected_semicolon && (error.token_type == antlr4::Token::EOF || StartsDeclaration(error.token_type) || token == "@");
}

void ReportSyntaxError(const SchemaSyntaxError& error, const SourceManager& sources, DiagnosticSink& sink) {
  const auto text = sources.file(error.span.file).text();
  const auto token = sources.text(error.span);
  if (IsMissingSemicolon(error, token)) {
    const Span place = {.file = error.span.file, .begin = error.previous_end, .end = error.previous_end};
    sink.Report(DiagnosticCode::MissingSemicolon, place).help = "end the declaration with `;`";
  } else if (error.token_type == SchemaParser::INVALID) {
    sink.Report(DiagnosticCode::InvalidToken, error.span).help = HelpForInvalidToken(token);
  } else if (error.token_type != antlr4::Token::EOF) {
    sink.Report(DiagnosticCode::UnexpectedToken, error.span, Shorten(token)).help = HelpForUnexpectedToken(error, token, text);
  } else if (error.span.begin < text.size()) {
    const Span next = {.file = error.span.file, .begin = error.span.begin, .end = error.span.begin + 1};
    sink.Report(DiagnosticCode::UnexpectedToken, next, sources.text(next)).help = ListExpected(error.expected);
  } else {
    sink.Report(DiagnosticCode::UnexpectedEnd, error.span).help = ListExpected(error.expected);
  }
}

}  // namespace remit
