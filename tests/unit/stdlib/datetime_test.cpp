// Points in time: the accepted texts, and arithmetic to the ends of 64 bits.
#include "stdlib/datetime.h"

#include <gtest/gtest.h>

#include <limits>

namespace remit {
namespace {

constexpr int64_t kLeast = std::numeric_limits<int64_t>::min();
constexpr int64_t kGreatest = std::numeric_limits<int64_t>::max();

struct DatetimeCase {
  std::string_view text;
  int64_t millis;
};

TEST(ParseDatetimeTest, AcceptsDatesAndTimes) {
  for (const auto& [text, millis] : {
           DatetimeCase{"1970-01-01", 0},
           DatetimeCase{"1970-01-02", 86400000},
           DatetimeCase{"1969-12-31T23:59:59.999Z", -1},
           DatetimeCase{"2024-02-29T12:34:56.789Z", 1709210096789},
           DatetimeCase{"2024-01-01T00:00:00Z", 1704067200000},
           DatetimeCase{"2024-01-01T00:00:00-0000", 1704067200000},
           DatetimeCase{"2024-01-01T00:00:00+0130", 1704067200000 - 5400000},
           DatetimeCase{"2024-01-01T00:00:00.001-0130", 1704067200001 + 5400000},
           DatetimeCase{"2024-01-01T23:59:59+2359", 1704067200000 + 59000},
           DatetimeCase{"0000-01-01", -62167219200000},
           DatetimeCase{"0000-01-01T00:00:00+2359", -62167219200000 - 86340000},
           DatetimeCase{"9999-12-31T23:59:59.999-2359", 253402300799999 + 86340000},
           DatetimeCase{"2000-02-29", 951782400000},
       }) {
    const auto time = ParseDatetime(String(text));
    ASSERT_TRUE(time) << text << ": " << time.error();
    EXPECT_EQ(time->millis, millis) << text;
  }
}

struct RefusedCase {
  std::string_view text;
  std::string_view message;
};

TEST(ParseDatetimeTest, SaysWhatIsWrong) {
  using namespace std::string_view_literals;
  for (const auto& [text, message] : {
           RefusedCase{"", "invalid date pattern"},
           RefusedCase{"-", "invalid date pattern"},
           RefusedCase{"24-01-01", "invalid date pattern"},
           RefusedCase{"10000-01-01", "invalid date pattern"},
           RefusedCase{"+2024-01-01", "invalid date pattern"},
           RefusedCase{"-2024-01-01", "invalid date pattern"},
           RefusedCase{"2024-1-01", "invalid date pattern"},
           RefusedCase{"2024/01/01", "invalid date pattern"},
           RefusedCase{" 2024-01-01", "invalid date pattern"},
           RefusedCase{"2024-01-01 ", "invalid hour/minute/second pattern"},
           RefusedCase{"2024-01-01\0"sv, "invalid hour/minute/second pattern"},
           RefusedCase{"2024-01-01Z", "invalid hour/minute/second pattern"},
           RefusedCase{"2024-01-01T", "invalid hour/minute/second pattern"},
           RefusedCase{"2024-01-01t00:00:00Z", "invalid hour/minute/second pattern"},
           RefusedCase{"2024-01-01T00:00", "invalid hour/minute/second pattern"},
           RefusedCase{"2024-01-01T00:00:00", "invalid millisecond and/or offset pattern"},
           RefusedCase{"2024-01-01T00:00:00z", "invalid millisecond and/or offset pattern"},
           RefusedCase{"2024-01-01T00:00:00ZZ", "invalid millisecond and/or offset pattern"},
           RefusedCase{"2024-01-01T00:00:00.1Z", "invalid millisecond and/or offset pattern"},
           RefusedCase{"2024-01-01T00:00:00.0001Z", "invalid millisecond and/or offset pattern"},
           RefusedCase{"2024-01-01T00:00:00.Z", "invalid millisecond and/or offset pattern"},
           RefusedCase{"2024-01-01T00:00:00+01:00", "invalid millisecond and/or offset pattern"},
           RefusedCase{"2024-01-01T00:00:00+01", "invalid millisecond and/or offset pattern"},
           RefusedCase{"2024-01-01T00:00:00+00000", "invalid millisecond and/or offset pattern"},
           RefusedCase{"2024-01-01T00:00:00➕0000", "invalid millisecond and/or offset pattern"},
           RefusedCase{"2024-02-30", "invalid date: 2024-02-30"},
           RefusedCase{"2023-02-29", "invalid date: 2023-02-29"},
           RefusedCase{"1900-02-29", "invalid date: 1900-02-29"},
           RefusedCase{"2024-00-01", "invalid date: 2024-00-01"},
           RefusedCase{"2024-13-01", "invalid date: 2024-13-01"},
           RefusedCase{"2024-01-00", "invalid date: 2024-01-00"},
           RefusedCase{"2024-01-01T00:00:60Z", "invalid hour/minute/second: 00:00:60"},
           RefusedCase{"2024-01-01T00:60:00Z", "invalid hour/minute/second: 00:60:00"},
           RefusedCase{"2024-01-01T24:00:00Z", "invalid hour/minute/second: 24:00:00"},
           RefusedCase{"2024-01-01T00:00:00+2400", "invalid offset range: 2400"},
           RefusedCase{"2024-01-01T00:00:00+0060", "invalid offset range: 0060"},
           // Shape before values, date before time.
           RefusedCase{"2024-02-30T99:99:99", "invalid millisecond and/or offset pattern"},
           RefusedCase{"2024-02-30T99:99:99+9999", "invalid date: 2024-02-30"},
           RefusedCase{"2024-02-28T99:99:99+9999", "invalid hour/minute/second: 99:99:99"},
       }) {
    const auto time = ParseDatetime(String(text));
    ASSERT_FALSE(time) << text;
    EXPECT_EQ(time.error(), message) << text;
  }
}

TEST(OffsetTest, IsChecked) {
  EXPECT_EQ(Offset({5}, {-7})->millis, -2);
  EXPECT_EQ(Offset({0}, {kLeast})->millis, kLeast);
  EXPECT_EQ(Offset({kGreatest}, {1}).error(),
            R"(overflows when adding an offset: (datetime("1970-01-01")).offset(duration("9223372036854775807ms"))+(1ms))");
  EXPECT_FALSE(Offset({kLeast}, {-1}));
}

TEST(DurationSinceTest, IsChecked) {
  EXPECT_EQ(DurationSince({5}, {7})->millis, -2);
  EXPECT_EQ(DurationSince({kGreatest}, {0})->millis, kGreatest);
  EXPECT_FALSE(DurationSince({0}, {kLeast}));
  EXPECT_FALSE(DurationSince({kLeast}, {1}));
}

TEST(ToDateTest, RoundsDownAlsoBeforeTheEpoch) {
  EXPECT_EQ(ToDate({86400001})->millis, 86400000);
  EXPECT_EQ(ToDate({86399999})->millis, 0);
  EXPECT_EQ(ToDate({-1})->millis, -86400000);
  EXPECT_EQ(ToDate({-86400000})->millis, -86400000);
  EXPECT_EQ(ToDate({kLeast}).error(),
            R"(overflows when computing the date of (datetime("1970-01-01")).offset(duration("-9223372036854775808ms")))");
}

TEST(ToTimeTest, IsNeverNegative) {
  EXPECT_EQ(ToTime({86400001}).millis, 1);
  EXPECT_EQ(ToTime({-1}).millis, 86399999);
  EXPECT_EQ(ToTime({-86400000}).millis, 0);
  EXPECT_EQ(ToTime({kLeast}).millis, 86400000 + kLeast % 86400000);
}

}  // namespace
}  // namespace remit
