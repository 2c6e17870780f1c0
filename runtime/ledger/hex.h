// Sixteen bytes as thirty-two hexadecimal digits and back, for ids that are written and read with every reservation.
//
// Two vector registers of SSE2, which every x86-64 has, do it in a dozen instructions; elsewhere a digit at a time. A table of byte pairs, the
// alternative, takes six times as long.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__x86_64__)
#include <emmintrin.h>
#endif

namespace remit::ledger {

// As a number of 128 bits: the first digits are those of `high`.
struct IdWords {
  uint64_t high = 0;
  uint64_t low = 0;
};

namespace hex_detail {

inline auto DigitOf(uint8_t nibble) -> char { return static_cast<char>(nibble < 10 ? '0' + nibble : 'a' + nibble - 10); }
// -1 for anything but a digit in lower case.
inline auto ValueOf(char digit) -> int {
  if (digit >= '0' && digit <= '9') return digit - '0';
  return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

}  // namespace hex_detail

inline void PrintByte(char* out, uint8_t byte) {
  out[0] = hex_detail::DigitOf(byte >> 4);
  out[1] = hex_detail::DigitOf(byte & 15);
}
// -1 if it is not two digits.
inline auto ReadByte(const char* text) -> int {
  const int high = hex_detail::ValueOf(text[0]);
  const int low = hex_detail::ValueOf(text[1]);
  return (high | low) < 0 ? -1 : high << 4 | low;
}

#if defined(__x86_64__)

inline void PrintWords(char* out, const IdWords& words) {
  const __m128i all =
      _mm_set_epi64x(static_cast<int64_t>(__builtin_bswap64(words.low)), static_cast<int64_t>(__builtin_bswap64(words.high)));
  const __m128i low_four = _mm_set1_epi8(15);
  const __m128i high = _mm_and_si128(_mm_srli_epi16(all, 4), low_four);
  const __m128i low = _mm_and_si128(all, low_four);
  const auto digits = [](__m128i nibbles) {
    const __m128i letters = _mm_and_si128(_mm_cmpgt_epi8(nibbles, _mm_set1_epi8(9)), _mm_set1_epi8('a' - '0' - 10));
    return _mm_add_epi8(_mm_add_epi8(nibbles, _mm_set1_epi8('0')), letters);
  };
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out), digits(_mm_unpacklo_epi8(high, low)));
  _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 16), digits(_mm_unpackhi_epi8(high, low)));
}

// False if there is anything but digits.
inline auto ReadWords(const char* text, IdWords& words) -> bool {
  __m128i valid = _mm_set1_epi8(-1);
  const auto read = [&](const char* at) {
    const __m128i chars = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i digit = _mm_sub_epi8(chars, _mm_set1_epi8('0'));
    const __m128i letter = _mm_sub_epi8(chars, _mm_set1_epi8('a'));
    const __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digit, _mm_set1_epi8(9)), digit);
    const __m128i is_letter = _mm_cmpeq_epi8(_mm_min_epu8(letter, _mm_set1_epi8(5)), letter);
    valid = _mm_and_si128(valid, _mm_or_si128(is_digit, is_letter));
    const __m128i nibbles = _mm_or_si128(_mm_and_si128(is_digit, digit), _mm_and_si128(is_letter, _mm_add_epi8(letter, _mm_set1_epi8(10))));
    // The first digit of a pair is the high half.
    return _mm_and_si128(_mm_or_si128(_mm_slli_epi16(nibbles, 4), _mm_srli_epi16(nibbles, 8)), _mm_set1_epi16(0xFF));
  };
  const __m128i first = read(text);
  const __m128i second = read(text + 16);
  const __m128i bytes = _mm_packus_epi16(first, second);
  words.high = __builtin_bswap64(static_cast<uint64_t>(_mm_cvtsi128_si64(bytes)));
  words.low = __builtin_bswap64(static_cast<uint64_t>(_mm_cvtsi128_si64(_mm_unpackhi_epi64(bytes, bytes))));
  return _mm_movemask_epi8(valid) == 0xFFFF;
}

#else

inline void PrintWords(char* out, const IdWords& words) {
  for (size_t i = 0; i < 16; ++i) PrintByte(out + 2 * i, static_cast<uint8_t>((i < 8 ? words.high : words.low) >> (56 - 8 * (i % 8))));
}
inline auto ReadWords(const char* text, IdWords& words) -> bool {
  int all = 0;
  for (size_t i = 0; i < 16; ++i) {
    const int byte = ReadByte(text + 2 * i);
    all |= byte;
    uint64_t& word = i < 8 ? words.high : words.low;
    word = word << 8 | static_cast<uint8_t>(byte);
  }
  return all >= 0;
}

#endif

}  // namespace remit::ledger
