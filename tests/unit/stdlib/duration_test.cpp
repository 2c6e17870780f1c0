// Durations: the order of units, both ends of 64 bits, rounding.
#include "stdlib/duration.h"

#include <gtest/gtest.h>

#include <limits>

namespace remit {
namespace {

struct DurationCase {
  std::string_view text;
  int64_t millis;
};

TEST(ParseDurationTest, AddsUpTheQuantities) {
  for (const auto& [text, millis] : {
           DurationCase{"0s", 0},
           DurationCase{"-0ms", 0},
           DurationCase{"1ms", 1},
           DurationCase{"1s", 1000},
           DurationCase{"1m", 60000},
           DurationCase{"1h", 3600000},
           DurationCase{"1d", 86400000},
           DurationCase{"1m1ms", 60001},
           DurationCase{"1m1s", 61000},
           DurationCase{"1d2h3m4s5ms", 93784005},
           DurationCase{"-1d2h", -93600000},
           DurationCase{"25h", 90000000},
           DurationCase{"00000000000000000000000000000001s", 1000},
           DurationCase{"9223372036854775807ms", std::numeric_limits<int64_t>::max()},
           DurationCase{"-9223372036854775808ms", std::numeric_limits<int64_t>::min()},
           DurationCase{"-9223372036854775s808ms", std::numeric_limits<int64_t>::min()},
       }) {
    const auto duration = ParseDuration(String(text));
    ASSERT_TRUE(duration) << text << ": " << duration.error();
    EXPECT_EQ(duration->millis, millis) << text;
  }
}

TEST(ParseDurationTest, RefusesOtherShapes) {
  using namespace std::string_view_literals;
  for (const auto text : {""sv,
                          "-"sv,
                          "5"sv,
                          "h"sv,
                          "1.5h"sv,
                          "1h1d"sv,
                          "1h1h"sv,
                          "1ms1s"sv,
                          "1s1m"sv,
                          "+1h"sv,
                          "--1h"sv,
                          "1h-1m"sv,
                          "1h 1m"sv,
                          " 1h"sv,
                          "1h "sv,
                          "1h\n"sv,
                          "1H"sv,
                          "1w"sv,
                          "1h1"sv,
                          "1mss"sv,
                          "1s\0"sv,
                          "1hm"sv,
                          "99999999999999999999999"sv}) {
    const auto duration = ParseDuration(String(text));
    ASSERT_FALSE(duration) << text;
    EXPECT_EQ(duration.error(), "invalid duration pattern") << text;
  }
}

TEST(ParseDurationTest, RefusesWhatDoesNotFit) {
  for (const auto text : {"9223372036854775808ms", "-9223372036854775809ms", "9223372036854775s808ms", "106751991168d",
                          "18446744073709551616ms", "-18446744073709551615d", "213503982334601d1d"}) {
    EXPECT_FALSE(ParseDuration(String(text))) << text;
  }
  EXPECT_EQ(ParseDuration(String("9223372036854775808ms")).error(), "the duration does not fit in 64 bits of milliseconds");
}

TEST(DurationUnitsTest, RoundTowardsZero) {
  const Duration duration{93784005};
  EXPECT_EQ(ToMilliseconds(duration), 93784005);
  EXPECT_EQ(ToSeconds(duration), 93784);
  EXPECT_EQ(ToMinutes(duration), 1563);
  EXPECT_EQ(ToHours(duration), 26);
  EXPECT_EQ(ToDays(duration), 1);
  EXPECT_EQ(ToSeconds({-1500}), -1);
  EXPECT_EQ(ToDays({-86399999}), 0);
  EXPECT_EQ(ToDays({std::numeric_limits<int64_t>::max()}), 106751991167);
}

}  // namespace
}  // namespace remit
