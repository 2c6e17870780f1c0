#include "runtime/server/authzen/cel_lexer.h"

#include <fmt/format.h>

#include <array>

#include "runtime/base/text.h"

namespace remit::coaz {
namespace {

auto IsDigit(char c) -> bool { return c >= '0' && c <= '9'; }
auto IsLetter(char c) -> bool { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
auto IsSpace(char c) -> bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

auto Fail(size_t at, std::string_view what) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "cel-error", .message = fmt::format("{} at {}", what, at), .pointer = {}, .help = {}});
}

auto ReadNumber(std::string_view text, size_t at) -> Token {
  size_t end = at;
  while (end < text.size() && IsDigit(text[end])) ++end;
  Word word = Word::Int;
  if (end + 1 < text.size() && text[end] == '.' && IsDigit(text[end + 1])) {
    word = Word::Double;
    ++end;
    while (end < text.size() && IsDigit(text[end])) ++end;
  }
  if (end < text.size() && (text[end] == 'e' || text[end] == 'E')) {
    size_t digits = end + 1;
    if (digits < text.size() && (text[digits] == '+' || text[digits] == '-')) ++digits;
    if (digits < text.size() && IsDigit(text[digits])) {
      word = Word::Double;
      for (end = digits; end < text.size() && IsDigit(text[end]);) ++end;
    }
  }
  return {.word = word, .text = text.substr(at, end - at), .string = {}, .end = end};
}

// What a backslash and the characters behind it mean. `at` is behind the backslash, and is moved on.
auto AppendEscape(std::string& out, std::string_view text, size_t& at) -> bool {
  constexpr std::string_view kNames = "nrtbfv0\\'\"?`";
  constexpr std::string_view kMeanings("\n\r\t\b\f\v\0\\'\"?`", 12);
  const size_t found = kNames.find(text[at]);
  if (found != std::string_view::npos && text[at] != '0') {
    out += kMeanings[found];
    ++at;
    return true;
  }
  if (text[at] != 'u' || at + 4 >= text.size()) return false;
  char32_t code = 0;
  for (size_t i = 1; i <= 4; ++i) {
    const char c = text[at + i];
    const int digit = IsDigit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (digit < 0) return false;
    code = code * 16 + static_cast<char32_t>(digit);
  }
  if (code >= 0xD800 && code <= 0xDFFF) return false;
  AppendUtf8(out, code);
  at += 5;
  return true;
}

auto ReadString(std::string_view text, size_t begin) -> Expected<Token> {
  Token token{.word = Word::String, .text = {}, .string = {}, .end = 0};
  for (size_t at = begin + 1; at < text.size();) {
    const char c = text[at];
    if (c == text[begin]) {
      token.text = text.substr(begin, at + 1 - begin);
      token.end = at + 1;
      return token;
    }
    if (c == '\n') break;
    ++at;
    if (c != '\\') {
      token.string += c;
    } else if (at >= text.size() || !AppendEscape(token.string, text, at)) {
      return Fail(at, "an unknown escape");
    }
  }
  return Fail(begin, "a string is never closed");
}

}  // namespace

auto ReadToken(std::string_view text, size_t at) -> Expected<Token> {
  while (at < text.size() && IsSpace(text[at])) ++at;
  if (at >= text.size()) return Token{.word = Word::End, .text = {}, .string = {}, .end = text.size()};
  const char c = text[at];
  if (IsDigit(c)) return ReadNumber(text, at);
  if (c == '\'' || c == '"') return ReadString(text, at);
  if (IsLetter(c)) {
    size_t end = at;
    while (end < text.size() && (IsLetter(text[end]) || IsDigit(text[end]))) ++end;
    return Token{.word = Word::Name, .text = text.substr(at, end - at), .string = {}, .end = end};
  }
  for (const std::string_view sign : {"&&", "||", "==", "!=", "<=", ">=", ".?", "[?", "<", ">", "+", "-", "*",
                                      "/",  "%",  "!",  "?",  ":",  ".",  ",",  "(",  ")", "[", "]", "{", "}"}) {
    if (text.substr(at).starts_with(sign))
      return Token{.word = Word::Sign, .text = text.substr(at, sign.size()), .string = {}, .end = at + sign.size()};
  }
  return Fail(at, "an unexpected character");
}

}  // namespace remit::coaz
