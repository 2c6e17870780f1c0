#include "compiler/parse/literals.h"

#include <charconv>

#include "runtime/base/text.h"

namespace remit::parse {
namespace {

auto Body(std::string_view quoted) -> std::string_view { return quoted.substr(1, quoted.size() - 2); }

void ReportEscape(Conversion& c, Span string, size_t begin, size_t end) {
  const Span span{
      .file = string.file, .begin = string.begin + 1 + static_cast<uint32_t>(begin), .end = string.begin + 1 + static_cast<uint32_t>(end)};
  const auto text = c.context.sources.text(span);
  auto& diagnostic = c.Report(DiagnosticCode::InvalidEscape, span, text == "\r" ? "\\r" : Clip(text));
  if (text == "\r") diagnostic.help = "this string contains a carriage return; write it as `\\r`";
  if (text == "\\*") diagnostic.help = "`\\*` has a meaning only in the pattern of `like`";
}

}  // namespace

auto ToString(Conversion& c, const antlr4::tree::TerminalNode* token) -> std::optional<SymbolId> {
  const auto span = c.SpanOf(token);
  const auto body = Body(c.context.sources.text(span));
  if (body.find_first_of("\\\r") == std::string_view::npos) return c.Intern(body);
  std::string text;
  bool good = true;
  Unescape(
      body, [&](char32_t character) { AppendUtf8(text, character); },
      [&](size_t begin, size_t end) {
        ReportEscape(c, span, begin, end);
        good = false;
      });
  return good ? std::optional{c.Intern(text)} : std::nullopt;
}

auto ToPattern(Conversion& c, const antlr4::tree::TerminalNode* token) -> std::optional<std::vector<ast::PatternElement>> {
  const auto span = c.SpanOf(token);
  const auto body = Body(c.context.sources.text(span));
  std::vector<ast::PatternElement> pattern;
  std::string literal;
  bool good = true;
  const auto flush = [&] {
    if (!literal.empty()) pattern.push_back({.wildcard = false, .literal = c.Intern(literal)});
    literal.clear();
  };
  Unescape(
      body,
      [&](char32_t character) {
        if (character != U'*') return AppendUtf8(literal, character);
        flush();
        pattern.push_back({.wildcard = true, .literal = {}});
      },
      [&](size_t begin, size_t end) {
        if (body.substr(begin, end - begin) == "\\*") {
          literal += '*';
        } else {
          ReportEscape(c, span, begin, end);
          good = false;
        }
      });
  flush();
  return good ? std::optional{std::move(pattern)} : std::nullopt;
}

auto ToMagnitude(std::string_view digits) -> std::optional<uint64_t> {
  uint64_t value = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (result.ec != std::errc{}) return std::nullopt;
  return value;
}

}  // namespace remit::parse
