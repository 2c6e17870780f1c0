#include "compiler/lsp/tokens.h"

#include <algorithm>
#include <array>

#include "compiler/parse/unescape.h"

namespace remit::lsp {
namespace {

auto IsWordByte(char c) -> bool { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
auto IsDigit(char c) -> bool { return c >= '0' && c <= '9'; }

auto EndOfString(std::string_view text, size_t begin) -> size_t {
  for (size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return std::min(text.find('\n', begin), text.size());
}

auto EndOfWord(std::string_view text, size_t begin) -> size_t {
  size_t end = begin + 1;
  while (end < text.size() && IsWordByte(text[end])) ++end;
  return end;
}

auto Cut(std::string_view text, size_t begin) -> std::pair<TokenKind, size_t> {
  static constexpr std::array<std::string_view, 7> kPairs = {"::", "&&", "||", "==", "!=", "<=", ">="};
  const char first = text[begin];
  if (first == '"') return {TokenKind::String, EndOfString(text, begin)};
  if (text.substr(begin, 2) == "//") return {TokenKind::Comment, std::min(text.find_first_of("\r\n", begin), text.size())};
  if (IsDigit(first)) {
    size_t end = begin;
    while (end < text.size() && IsDigit(text[end])) ++end;
    return {TokenKind::Number, end};
  }
  if (IsWordByte(first)) return {TokenKind::Word, EndOfWord(text, begin)};
  if (first == '?' && begin + 1 < text.size() && IsWordByte(text[begin + 1]) && !IsDigit(text[begin + 1])) {
    return {TokenKind::Slot, EndOfWord(text, begin)};
  }
  if (std::ranges::find(kPairs, text.substr(begin, 2)) != kPairs.end()) return {TokenKind::Sign, begin + 2};
  return {static_cast<uint8_t>(first) < 0x80 ? TokenKind::Sign : TokenKind::Other, begin + 1};
}

}  // namespace

auto Tokenize(std::string_view text) -> std::vector<Token> {
  std::vector<Token> tokens;
  for (size_t at = 0; at < text.size();) {
    if (static_cast<uint8_t>(text[at]) <= ' ') {
      ++at;
      continue;
    }
    const auto [kind, end] = Cut(text, at);
    tokens.push_back(
        {.kind = kind, .begin = static_cast<uint32_t>(at), .end = static_cast<uint32_t>(end), .text = text.substr(at, end - at)});
    at = end;
  }
  return tokens;
}

auto TokenAt(const std::vector<Token>& tokens, uint32_t offset) -> size_t {
  const auto it = std::ranges::upper_bound(tokens, offset, {}, &Token::end);
  return static_cast<size_t>(it - tokens.begin());
}

auto TextOfString(std::string_view literal) -> std::string {
  if (literal.size() < 2 || !literal.ends_with('"')) return std::string(literal.substr(std::min<size_t>(1, literal.size())));
  const auto inside = literal.substr(1, literal.size() - 2);
  const auto text = parse::UnescapeString(inside);
  return text ? *text : std::string(inside);
}

}  // namespace remit::lsp
