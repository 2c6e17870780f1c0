// ANTLR's lexer over one file, with a little lookahead. Comments and white space are left out.
#pragma once

#include <RemitLexer.h>

#include <deque>
#include <memory>
#include <string_view>

#include "compiler/parse/byte_stream.h"

namespace remit::parse {

using Lexer = grammar::RemitLexer;

class TokenSource {
 public:
  explicit TokenSource(std::string_view text);

  // The token `distance` ahead, 0 being the next. After the end it is EOF for ever.
  auto Peek(size_t distance) -> const antlr4::Token&;
  auto Take() -> std::unique_ptr<antlr4::Token>;
  // A token of type EOF just behind the one taken last.
  auto MakeEnd() -> std::unique_ptr<antlr4::Token>;

 private:
  void Fill(size_t count);

  ByteStream bytes_;
  Lexer lexer_;
  std::deque<std::unique_ptr<antlr4::Token>> ahead_;
  size_t end_of_last_ = 0;
};

// Any word of the grammar: an identifier or a keyword.
auto IsWord(size_t token_type) -> bool;

}  // namespace remit::parse
