// Decimals: exact to four places, checked at both ends.
#include "stdlib/decimal.h"

#include <gtest/gtest.h>

#include <limits>

namespace remit {
namespace {

struct DecimalCase {
  std::string_view text;
  int64_t units;
};

TEST(ParseDecimalTest, AcceptsDigitsOnBothSides) {
  for (const auto& [text, units] : {
           DecimalCase{"1.0", 10000},
           DecimalCase{"1.00", 10000},
           DecimalCase{"0.0", 0},
           DecimalCase{"-0.0", 0},
           DecimalCase{"-0.5", -5000},
           DecimalCase{"0.0001", 1},
           DecimalCase{"-0.0001", -1},
           DecimalCase{"00001.10", 11000},
           DecimalCase{"00000000000000000000000000000000001.1", 11000},
           DecimalCase{"922337203685477.5807", std::numeric_limits<int64_t>::max()},
           DecimalCase{"-922337203685477.5808", std::numeric_limits<int64_t>::min()},
       }) {
    const auto value = ParseDecimal(String(text));
    ASSERT_TRUE(value) << text << ": " << value.error();
    EXPECT_EQ(value->units, units) << text;
  }
}

TEST(ParseDecimalTest, RefusesOtherShapes) {
  using namespace std::string_view_literals;
  for (const auto text : {""sv,     "1"sv,     "1."sv,  ".5"sv,    "."sv,   "-"sv,     "-.5"sv,   "+1.0"sv,  "--1.0"sv, "1.-5"sv, "1.0 "sv,
                          " 1.0"sv, "1.0\n"sv, "1,0"sv, "1.0.0"sv, "1e3"sv, "1.0e3"sv, "0x1.0"sv, "1.0\0"sv, "inf"sv,   "١.٠"sv}) {
    const auto value = ParseDecimal(String(text));
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error(), "`" + std::string(text) + "` is not a well-formed decimal value");
  }
}

TEST(ParseDecimalTest, RefusesWhatDoesNotFit) {
  for (const auto text : {"922337203685477.5808", "-922337203685477.5809", "922337203685478.0", "-922337203685478.0",
                          "99999999999999999999.0", "9223372036854775807.0", "-9223372036854775808.0"}) {
    const auto value = ParseDecimal(String(text));
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error(), "overflow when converting to decimal");
  }
}

TEST(ParseDecimalTest, RefusesAFifthPlaceEvenIfZero) {
  for (const auto text : {"1.23456", "1.00000", "-1.00000000000000000000000000"}) {
    const auto value = ParseDecimal(String(text));
    ASSERT_FALSE(value) << text;
    EXPECT_EQ(value.error(), "too many digits after the decimal in `" + std::string(text) + "`");
  }
}

TEST(DecimalComparisonTest, OrdersByValue) {
  const Decimal less{-5000};
  const Decimal more{1};
  EXPECT_TRUE(LessThan(less, more));
  EXPECT_FALSE(LessThan(more, less));
  EXPECT_FALSE(LessThan(more, more));
  EXPECT_TRUE(LessThanOrEqual(more, more));
  EXPECT_FALSE(LessThanOrEqual(more, less));
  EXPECT_TRUE(GreaterThan(more, less));
  EXPECT_FALSE(GreaterThan(more, more));
  EXPECT_TRUE(GreaterThanOrEqual(more, more));
  EXPECT_FALSE(GreaterThanOrEqual(less, more));
}

constexpr Decimal kLeast{std::numeric_limits<int64_t>::min()};
constexpr Decimal kGreatest{std::numeric_limits<int64_t>::max()};
constexpr Decimal kOne{10'000};

TEST(DecimalArithmeticTest, IsExact) {
  EXPECT_EQ(DecimalAdd({15'000}, {-5'000})->units, 10'000);
  EXPECT_EQ(DecimalSubtract({15'000}, {20'000})->units, -5'000);
  EXPECT_EQ(DecimalMultiply({15'000}, {2'500})->units, 3'750);
  EXPECT_EQ(DecimalMultiply({-15'000}, {2'500})->units, -3'750);
  EXPECT_EQ(DecimalMultiply({0}, kLeast)->units, 0);
  EXPECT_EQ(DecimalMultiply(kOne, kLeast)->units, kLeast.units);
  EXPECT_EQ(DecimalMultiply(kGreatest, kOne)->units, kGreatest.units);
  EXPECT_EQ(DecimalMultiply({1}, kOne)->units, 1);
}

TEST(DecimalArithmeticTest, NeverRounds) {
  EXPECT_EQ(DecimalMultiply({1}, {1}).error(), "the product has more than four decimal places");
  EXPECT_FALSE(DecimalMultiply({3}, {5'000}).has_value());
  EXPECT_FALSE(DecimalMultiply({-3}, {5'000}).has_value());
  EXPECT_EQ(DecimalMultiply({4}, {5'000})->units, 2);
}

TEST(DecimalArithmeticTest, ChecksBothEnds) {
  EXPECT_EQ(DecimalAdd(kGreatest, {1}).error(), "the sum does not fit in a decimal");
  EXPECT_FALSE(DecimalAdd(kLeast, {-1}).has_value());
  EXPECT_EQ(DecimalSubtract(kLeast, {1}).error(), "the difference does not fit in a decimal");
  EXPECT_FALSE(DecimalSubtract({0}, kLeast).has_value());
  EXPECT_EQ(DecimalMultiply(kLeast, {-10'000}).error(), "the product does not fit in a decimal");
  EXPECT_FALSE(DecimalMultiply(kGreatest, {20'000}).has_value());
  EXPECT_FALSE(DecimalMultiply(kLeast, kLeast).has_value());
}

}  // namespace
}  // namespace remit
