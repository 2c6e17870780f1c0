// The tokens of policy or schema text that may be half written: colours, folding and completion must work where no parser does.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace remit::lsp {

enum class TokenKind : uint8_t { Word, Number, String, Slot, Sign, Comment, Other };

struct Token {
  TokenKind kind;
  uint32_t begin = 0;
  uint32_t end = 0;
  std::string_view text = {};  // of the text it was cut from

  auto Is(std::string_view sign) const -> bool { return kind != TokenKind::String && kind != TokenKind::Comment && text == sign; }
};

// All of them, comments too. A string that is not closed ends with its line.
auto Tokenize(std::string_view text) -> std::vector<Token>;

// The first token that ends behind `offset`; the number of tokens if there is none.
auto TokenAt(const std::vector<Token>& tokens, uint32_t offset) -> size_t;

// Without quotes and escapes; as it is where it cannot be read.
auto TextOfString(std::string_view literal) -> std::string;

}  // namespace remit::lsp
