// The grammar's tokens as one table: which state a byte leads to, and which token ends there.
//
// Made once from the automaton of ANTLR's lexer, which is made from the grammar, so that tokens are described in one place. ANTLR's own lexer finds the
// same states one by one while it reads, behind a lock for every byte, and took more time than the parser. Writing the scanner by hand would be as
// fast, and describe tokens a second time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace remit::parse {

class TokenTable {
 public:
  // Of the policy grammar. INVARIANT: its tokens have no modes, no predicates and no loops that take as little as possible, and some token begins
  // with any byte.
  static auto Get() -> const TokenTable&;

  struct Match {
    size_t type;
    size_t end;  // offset in the text
  };
  // The longest token that begins at `begin`, which is in the text; of those that are as long the one that the grammar names first.
  auto Longest(std::string_view text, size_t begin) const -> Match;

  auto size() const -> size_t { return states_.size(); }

 private:
  friend class TokenTableMaker;

  static constexpr size_t kBytes = 128;  // what ByteStream shows
  static constexpr uint16_t kNone = UINT16_MAX;
  struct State {
    std::array<uint16_t, kBytes> next;
    uint16_t type = 0;  // of the token that ends here; 0: none
  };

  std::vector<State> states_;  // the first is where tokens begin
};

}  // namespace remit::parse
