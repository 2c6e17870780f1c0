// Whether two short texts are the same, without a call: names are compared in every lookup of one.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace remit {

inline auto SameText(std::string_view a, std::string_view b) -> bool {
  const auto same = [&]<typename Word>(Word, size_t at) {
    Word left;
    Word right;
    std::memcpy(&left, a.data() + at, sizeof(left));
    std::memcpy(&right, b.data() + at, sizeof(right));
    return left == right;
  };
  const size_t size = a.size();
  if (size != b.size()) return false;
  if (size > 16) return std::memcmp(a.data(), b.data(), size) == 0;
  // Two words that may overlap.
  if (size >= 8) return same(uint64_t{}, 0) && same(uint64_t{}, size - 8);
  if (size >= 4) return same(uint32_t{}, 0) && same(uint32_t{}, size - 4);
  for (size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

}  // namespace remit
