// Decimals: fixed point with four places, exact, checked.
#include "stdlib/decimal.h"

#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <limits>

#include "stdlib/digits.h"

namespace remit {
namespace {

constexpr size_t kPlaces = 4;
constexpr int64_t kScale = 10'000;

__extension__ using Wide = __int128;  // a product of two decimals always fits

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

auto DecimalAdd(Decimal value, Decimal other) -> Fallible<Decimal> {
  Decimal sum;
  if (__builtin_add_overflow(value.units, other.units, &sum.units)) return Fail("the sum does not fit in a decimal");
  return sum;
}

auto DecimalSubtract(Decimal value, Decimal other) -> Fallible<Decimal> {
  Decimal difference;
  if (__builtin_sub_overflow(value.units, other.units, &difference.units)) return Fail("the difference does not fit in a decimal");
  return difference;
}

// Rounding would decide at a limit without the author's knowing, and each direction is wrong for someone's limit. So what the four places
// cannot hold is an error, as it is in a literal.
auto DecimalMultiply(Decimal value, Decimal other) -> Fallible<Decimal> {
  const Wide product = static_cast<Wide>(value.units) * other.units;
  if (product % kScale != 0) return Fail("the product has more than four decimal places");
  const Wide units = product / kScale;
  if (units > std::numeric_limits<int64_t>::max() || units < std::numeric_limits<int64_t>::min()) {
    return Fail("the product does not fit in a decimal");
  }
  return Decimal{.units = static_cast<int64_t>(units)};
}

}  // namespace remit
