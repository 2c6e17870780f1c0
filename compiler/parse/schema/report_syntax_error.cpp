// Words for where a piece of schema text stopped making sense: what was found, what could have been there, the likely mistake.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "compiler/parse/schema/text_to_cst.h"
#include "compiler/parse/syntax_error.h"
#include "runtime/base/did_you_mean.h"
#include "runtime/base/text.h"

namespace remit {
namespace {

auto Expects(const SchemaSyntaxError& error, size_t token_type) -> bool { return error.expected.contains(token_type); }

// "expected a name, `}` or `@`". Keywords that could only be names are not listed beside "a name".
auto DescribeExpected(const SchemaSyntaxError& error, const antlr4::dfa::Vocabulary& vocabulary) -> std::string {
  std::vector<std::string> words;
  const bool any_name = Expects(error, SchemaParser::IDENT);
  if (any_name) words.emplace_back("a name");
  for (const ssize_t type : error.expected.toList()) {
    const bool is_keyword = type >= SchemaParser::NAMESPACE && type <= SchemaParser::ATTRIBUTES;
    if (type == SchemaParser::STRING) {
      words.emplace_back("a string");
    } else if (type > 0 && type != SchemaParser::IDENT && !(any_name && is_keyword)) {
      auto name = vocabulary.getDisplayName(static_cast<size_t>(type));
      std::ranges::replace(name, '\'', '`');
      words.push_back(std::move(name));
    }
  }
  if (words.empty()) return {};
  if (words.size() == 1) return "expected " + words[0];
  return fmt::format("expected {} or {}", fmt::join(words.begin(), words.end() - 1, ", "), words.back());
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
  if (token == "\xEF\xBB\xBF") return "remove the byte order mark";
  return {};
}

auto HelpForUnexpectedToken(const SchemaSyntaxError& error, std::string_view token, std::string_view text) -> std::string {
  const char before = CharacterBefore(text, error.span.begin);
  if (Expects(error, SchemaParser::ENTITY) && !Expects(error, SchemaParser::IDENT)) {
    if (token == ";" && before == '}') return "a namespace is not followed by `;`";
    if (token == ";") return "remove this `;`";
    return DidYouMean(token, {"entity", "action", "type", "namespace"},
                      "expected a declaration: `entity`, `action`, `type` or `namespace`");
  }
  if (token == "{" && Expects(error, SchemaParser::APPLIES_TO))
    return "write `appliesTo` before an action's `{ principal: .., resource: .. }`";
  if (token == "]" && before == ',') return "remove the comma before `]`";
  if (token == ":" && Expects(error, SchemaParser::EQUALS)) return "write `=` here";
  static const schema_grammar::SchemaLexer lexer(nullptr);
  return DescribeExpected(error, lexer.getVocabulary());
}

}  // namespace

auto StartsDeclaration(size_t token_type) -> bool {
  return token_type == SchemaParser::ENTITY || token_type == SchemaParser::ACTION || token_type == SchemaParser::TYPE ||
         token_type == SchemaParser::NAMESPACE || token_type == SchemaParser::AT;
}

auto IsMissingSemicolon(const SchemaSyntaxError& error) -> bool {
  return Expects(error, SchemaParser::SEMICOLON) && (error.token_type == antlr4::Token::EOF || StartsDeclaration(error.token_type));
}

void ReportSchemaSyntaxError(const SchemaSyntaxError& error, const SourceManager& sources, DiagnosticSink& sink) {
  const auto text = sources.file(error.span.file).text();
  // At the end of a piece there is nothing, unless a `}` cut it short. Of a character beyond ASCII the token is the first byte.
  Span span = error.span;
  if (span.begin < text.size()) {
    size_t end = span.begin;
    DecodeUtf8(text, end);
    span.end = std::max(span.end, static_cast<uint32_t>(end));
  }
  const auto token = sources.text(span);
  if (IsMissingSemicolon(error)) {
    const Span place = {.file = span.file, .begin = error.previous_end, .end = error.previous_end};
    sink.Report(DiagnosticCode::MissingSemicolon, place).help = "end the declaration with `;`";
  } else if (error.token_type == SchemaParser::INVALID) {
    sink.Report(DiagnosticCode::InvalidToken, span).help = HelpForInvalidToken(token);
  } else if (token.empty()) {
    sink.Report(DiagnosticCode::UnexpectedEnd, span).help = HelpForUnexpectedToken(error, token, text);
  } else {
    sink.Report(DiagnosticCode::UnexpectedToken, span, parse::Clip(token)).help = HelpForUnexpectedToken(error, token, text);
  }
}

}  // namespace remit
