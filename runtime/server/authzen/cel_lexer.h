// Words of an expression.
#pragma once

#include <string>
#include <string_view>

#include "runtime/base/error.h"

namespace remit::coaz {

enum class Word : uint8_t { End, Name, Int, Double, String, Sign };

struct Token {
  Word word = Word::End;
  std::string_view text = {};  // of the expression
  std::string string = {};  // of String: what it means
  size_t end = 0;  // where the next one begins
};

// The token at `at`. Signs are the longest that fit: `&&`, `.?`, `[?`.
auto ReadToken(std::string_view text, size_t at) -> Expected<Token>;

}  // namespace remit::coaz
