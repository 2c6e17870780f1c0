// A hash of texts for tables in memory: eight bytes at a time, folded by multiplication.
//
// Seeded anew in each process, so that nobody can prepare texts that meet in one slot; never to be stored or sent. The standard library's
// hash, the alternative, is a call that takes twice the time of a whole lookup and has a seed that everybody knows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace remit {

// The process's own random number.
auto HashSeed() -> uint64_t;

namespace hash_detail {

__extension__ using Uint128 = unsigned __int128;

template <typename Word>
inline auto Load(const char* at) -> uint64_t {
  Word word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

inline auto Fold(uint64_t a, uint64_t b) -> uint64_t {
  const Uint128 product = static_cast<Uint128>(a) * b;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

}  // namespace hash_detail

inline auto HashText(std::string_view text, uint64_t seed) -> uint64_t {
  using hash_detail::Fold;
  using hash_detail::Load;
  constexpr uint64_t kOdd = 0x9E3779B97F4A7C15;
  const char* at = text.data();
  size_t left = text.size();
  uint64_t hash = seed ^ kOdd;
  for (; left > 16; left -= 16, at += 16) hash = Fold(Load<uint64_t>(at) ^ seed, Load<uint64_t>(at + 8) ^ hash);
  uint64_t first = 0;
  uint64_t last = 0;
  if (left >= 8) {  // the two words may overlap
    first = Load<uint64_t>(at);
    last = Load<uint64_t>(at + left - 8);
  } else if (left >= 4) {
    first = Load<uint32_t>(at);
    last = Load<uint32_t>(at + left - 4);
  } else if (left > 0) {
    first = static_cast<uint64_t>(static_cast<uint8_t>(at[0])) << 16 | static_cast<uint64_t>(static_cast<uint8_t>(at[left / 2])) << 8 |
            static_cast<uint8_t>(at[left - 1]);
  }
  return Fold(Fold(first ^ seed ^ kOdd, last ^ hash) ^ text.size(), kOdd);
}

}  // namespace remit
