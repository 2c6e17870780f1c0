// Decimals: fixed point with four places, exact, checked.
#include "stdlib/decimal.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>

#include "stdlib/digits.h"

namespace remit {
namespace {

constexpr size_t kPlaces = 4;
constexpr int64_t kScale = 10'000;

struct DecimalText {
  bool negative = false;
  std::string_view whole;     // one or more digits
  std::string_view fraction;  // one or more digits
};

auto SplitDecimal(std::string_view text) -> std::optional<DecimalText> {
  DigitReader reader(text);
  DecimalText parts;
  parts.negative = reader.Take('-');
  parts.whole = reader.TakeDigits();
  const bool has_point = reader.Take('.');
  parts.fraction = reader.TakeDigits();
  if (parts.whole.empty() || !has_point || parts.fraction.empty() || !reader.at_end()) return std::nullopt;
  return parts;
}

// `units` is negative or zero for a negative number: that side of the range has one value more.
auto ScaleWhole(const DecimalText& parts, int64_t& units) -> bool {
  int64_t whole = 0;
  const auto [end, error] = std::from_chars(parts.whole.data(), parts.whole.data() + parts.whole.size(), whole);
  return error == std::errc{} && !__builtin_mul_overflow(parts.negative ? -whole : whole, kScale, &units);
}

auto AddFraction(const DecimalText& parts, int64_t& units) -> bool {
  int64_t fraction = 0;
  std::from_chars(parts.fraction.data(), parts.fraction.data() + parts.fraction.size(), fraction);
  for (size_t place = parts.fraction.size(); place < kPlaces; ++place) fraction *= 10;
  return !__builtin_add_overflow(units, parts.negative ? -fraction : fraction, &units);
}

}  // namespace

auto ParseDecimal(String text) -> Fallible<Decimal> {
  static constexpr auto kOverflow = "overflow when converting to decimal";
  const auto parts = SplitDecimal(text.view());
  if (!parts) return Fail(fmt::format("`{}` is not a well-formed decimal value", text.view()));
  int64_t units = 0;
  if (!ScaleWhole(*parts, units)) return Fail(kOverflow);
  if (parts->fraction.size() > kPlaces) return Fail(fmt::format("too many digits after the decimal in `{}`", text.view()));
  if (!AddFraction(*parts, units)) return Fail(kOverflow);
  return Decimal{.units = units};
}

auto LessThan(Decimal value, Decimal other) -> bool { return value.units < other.units; }
auto LessThanOrEqual(Decimal value, Decimal other) -> bool { return value.units <= other.units; }
auto GreaterThan(Decimal value, Decimal other) -> bool { return value.units > other.units; }
auto GreaterThanOrEqual(Decimal value, Decimal other) -> bool { return value.units >= other.units; }

}  // namespace remit
