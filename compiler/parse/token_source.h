// The tokens of one file as ANTLR's parser takes them, with a little lookahead. Comments and white space are left out.
#pragma once

#include <RemitLexer.h>

#include <deque>
#include <memory>
#include <string_view>

#include "compiler/parse/byte_stream.h"
#include "compiler/parse/token_table.h"

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
  auto Next() -> std::unique_ptr<antlr4::Token>;
  auto Make(size_t type, size_t begin, size_t end) -> std::unique_ptr<antlr4::CommonToken>;

  const TokenTable& table_;
  std::string_view text_;
  ByteStream bytes_;  // where tokens take their text from
  size_t at_ = 0;     // behind the token read last
  size_t line_ = 1;   // of `at_`
  std::deque<std::unique_ptr<antlr4::Token>> ahead_;
  size_t end_of_last_ = 0;
};

// Any word of the grammar: an identifier or a keyword.
auto IsWord(size_t token_type) -> bool;

}  // namespace remit::parse
