// A reader of fixed text patterns of digits and marks, as dates and durations are written.
//
// Regular expressions were the other way: for patterns this small they cost more to start than the text costs to read, and
// their `\d` means more than ASCII digits.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace remit {

inline auto IsDigit(char c) -> bool { return c >= '0' && c <= '9'; }

class DigitReader {
 public:
  explicit DigitReader(std::string_view text) : text_(text) {}

  auto rest() const -> std::string_view { return text_; }
  auto at_end() const -> bool { return text_.empty(); }

  auto Take(char mark) -> bool {
    if (!text_.starts_with(mark)) return false;
    text_.remove_prefix(1);
    return true;
  }

  // Exactly `count` digits, at most 9.
  auto TakeNumber(size_t count) -> std::optional<uint32_t> {
    if (text_.size() < count) return std::nullopt;
    uint32_t number = 0;
    for (const char c : text_.substr(0, count)) {
      if (!IsDigit(c)) return std::nullopt;
      number = number * 10 + static_cast<uint32_t>(c - '0');
    }
    text_.remove_prefix(count);
    return number;
  }

  // As many digits as there are, possibly none.
  auto TakeDigits() -> std::string_view {
    size_t count = 0;
    while (count < text_.size() && IsDigit(text_[count])) ++count;
    const auto digits = text_.substr(0, count);
    text_.remove_prefix(count);
    return digits;
  }

 private:
  std::string_view text_;
};

}  // namespace remit
