// Durations: signed milliseconds, written as quantities of d, h, m, s and ms in this order, each at most once.
#include "stdlib/duration.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

#include "stdlib/digits.h"

namespace remit {
namespace {

struct Unit {
  std::string_view name;
  uint64_t millis;
};
constexpr std::array<Unit, 5> kUnits = {{{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1000}, {"ms", 1}}};

using Quantities = std::array<std::string_view, kUnits.size()>;  // digits by unit, empty where the unit is absent

// Takes a unit's name and gives its position; kUnits.size() if there is none. `ms` is never `m` followed by `s`: each unit has a quantity.
auto TakeUnit(DigitReader& reader) -> size_t {
  if (reader.rest().starts_with("ms")) {
    reader.Take('m');
    reader.Take('s');
    return kUnits.size() - 1;
  }
  for (size_t unit = 0; unit + 1 < kUnits.size(); ++unit) {
    if (reader.Take(kUnits[unit].name[0])) return unit;
  }
  return kUnits.size();
}

auto ReadQuantities(DigitReader& reader) -> std::optional<Quantities> {
  Quantities quantities;
  size_t next = 0;
  do {
    const auto digits = reader.TakeDigits();
    const size_t unit = TakeUnit(reader);
    if (digits.empty() || unit == kUnits.size() || unit < next) return std::nullopt;
    quantities[unit] = digits;
    next = unit + 1;
  } while (!reader.at_end());
  return quantities;
}

auto TotalMillis(const Quantities& quantities) -> std::optional<uint64_t> {
  uint64_t total = 0;
  for (size_t unit = 0; unit < kUnits.size(); ++unit) {
    const auto digits = quantities[unit];
    uint64_t quantity = 0;
    if (!digits.empty() && std::from_chars(digits.data(), digits.data() + digits.size(), quantity).ec != std::errc{}) return std::nullopt;
    if (__builtin_mul_overflow(quantity, kUnits[unit].millis, &quantity) || __builtin_add_overflow(total, quantity, &total))
      return std::nullopt;
  }
  return total;
}

}  // namespace

auto ParseDuration(String text) -> Fallible<Duration> {
  DigitReader reader(text.view());
  const bool negative = reader.Take('-');
  const auto quantities = ReadQuantities(reader);
  if (!quantities) return Fail("invalid duration pattern");
  const auto total = TotalMillis(*quantities);
  const uint64_t limit = static_cast<uint64_t>(std::numeric_limits<int64_t>::max()) + (negative ? 1 : 0);
  if (!total || *total > limit) return Fail("the duration does not fit in 64 bits of milliseconds");
  return Duration{.millis = static_cast<int64_t>(negative ? 0 - *total : *total)};
}

auto ToMilliseconds(Duration duration) -> int64_t { return duration.millis; }
auto ToSeconds(Duration duration) -> int64_t { return duration.millis / 1000; }
auto ToMinutes(Duration duration) -> int64_t { return duration.millis / 60'000; }
auto ToHours(Duration duration) -> int64_t { return duration.millis / 3'600'000; }
auto ToDays(Duration duration) -> int64_t { return duration.millis / 86'400'000; }

}  // namespace remit
