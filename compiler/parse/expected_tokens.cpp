#include "compiler/parse/expected_tokens.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "compiler/parse/token_source.h"

namespace remit::parse {
namespace {

constexpr std::array<size_t, 11> kOperandOnly = {Lexer::TRUE,   Lexer::FALSE, Lexer::IF,         Lexer::NUMBER,
                                                 Lexer::STRING, Lexer::SLOT,  Lexer::LEFT_PAREN, Lexer::LEFT_BRACKET,
                                                 Lexer::BANG,   Lexer::MINUS, Lexer::LEFT_BRACE};
constexpr std::array<size_t, 20> kOperations = {
    Lexer::OR_OR,         Lexer::AND_AND, Lexer::EQUAL, Lexer::NOT_EQUAL,  Lexer::LESS,         Lexer::LESS_EQUAL, Lexer::GREATER,
    Lexer::GREATER_EQUAL, Lexer::IN,      Lexer::HAS,   Lexer::LIKE,       Lexer::IS,           Lexer::PLUS,       Lexer::MINUS,
    Lexer::STAR,          Lexer::DOT,     Lexer::PATH,  Lexer::LEFT_PAREN, Lexer::LEFT_BRACKET, Lexer::ASSIGN};
// Parsed, but only to be refused: anywhere, and in a scope.
constexpr std::array<size_t, 3> kNeverRight = {Lexer::ASSIGN, Lexer::SLASH, Lexer::PERCENT};
constexpr std::array<size_t, 6> kNeverInScope = {Lexer::COLON,      Lexer::NOT_EQUAL, Lexer::LESS,
                                                 Lexer::LESS_EQUAL, Lexer::GREATER,   Lexer::GREATER_EQUAL};

template <size_t N>
auto OneOf(const std::array<size_t, N>& types, size_t type) -> bool {
  return std::ranges::find(types, type) != types.end();
}

auto Join(const std::vector<std::string>& names) -> std::string {
  std::string text;
  for (size_t i = 0; i < names.size(); ++i) {
    if (i > 0) text += i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace

ExpectedTokens::ExpectedTokens(const antlr4::misc::IntervalSet& tokens, const antlr4::dfa::Vocabulary& vocabulary)
    : tokens_(tokens), vocabulary_(vocabulary) {}

auto ExpectedTokens::operand() const -> bool { return Has(Lexer::BANG) && Has(Lexer::IDENTIFIER); }

auto ExpectedTokens::operation() const -> bool { return Has(Lexer::AND_AND); }

auto ExpectedTokens::in_scope() const -> bool { return Has(Lexer::EQUAL) && Has(Lexer::COMMA) && !operation(); }

auto ExpectedTokens::Text(size_t token_type) const -> std::string {
  if (token_type == Lexer::STRING) return "a string";
  if (token_type == Lexer::NUMBER) return "a number";
  if (token_type == Lexer::SLOT) return "a template slot";
  if (token_type == Lexer::IDENTIFIER) return "an identifier";
  auto literal = vocabulary_.getLiteralName(token_type);
  std::ranges::replace(literal, '\'', '`');
  return literal;
}

auto ExpectedTokens::keywords() const -> std::vector<std::string> {
  std::vector<std::string> words;
  if (Has(Lexer::IDENTIFIER)) return words;
  for (size_t type = Lexer::TRUE; type < Lexer::IDENTIFIER; ++type) {
    if (!Has(type)) continue;
    const auto quoted = vocabulary_.getLiteralName(type);
    words.push_back(quoted.substr(1, quoted.size() - 2));
  }
  return words;
}

auto ExpectedTokens::Describe() const -> std::string {
  std::vector<std::string> names;
  for (size_t type = Lexer::TRUE; type < Lexer::INVALID; ++type) {
    const bool is_keyword = IsWord(type) && type != Lexer::IDENTIFIER;
    if (!Has(type) || OneOf(kNeverRight, type) || (in_scope() && OneOf(kNeverInScope, type))) continue;
    if (is_keyword && Has(Lexer::IDENTIFIER)) continue;
    if (operand() && (type == Lexer::IDENTIFIER || OneOf(kOperandOnly, type))) continue;
    if (operation() && OneOf(kOperations, type)) continue;
    names.push_back(Text(type));
  }
  if (operand()) names.emplace_back("an expression");
  if (operation()) names.emplace_back("an operator");
  if (names.empty()) return "";
  return "expected " + Join(names);
}

}  // namespace remit::parse
