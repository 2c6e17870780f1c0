// Every kind of window: when it begins and ends, and what becomes of what is in flight meanwhile.
#include "runtime/ledger/calendar.h"
#include "runtime/ledger/counter.h"
#include "tests/unit/ledger/ledger_fixture.h"

namespace remit::ledger {
namespace {

auto WindowIn(Window window, std::string_view zone, int64_t time) -> Span { return CalendarWindow(window, **FindTimeZone(zone), time); }

// ---- calendars ----------------------------------------------------------------------------------------------------------------

TEST(Calendar, WindowsOfUtc) {
  EXPECT_EQ(WindowIn(Window::Hour, "", kMonday + 1), (Span{kMonday, kMonday + kHour}));
  EXPECT_EQ(WindowIn(Window::Day, "UTC", kMonday), (Span{kMonday - 12 * kHour, kMonday + 12 * kHour}));
  EXPECT_EQ(WindowIn(Window::Week, "", kMonday + 6 * kDay), (Span{kMonday - 12 * kHour, kMonday + 12 * kHour + 6 * kDay}));
  EXPECT_EQ(WindowIn(Window::Month, "", kMonday), (Span{kMonday - 36 * kHour, kMonday - 36 * kHour + 31 * kDay}));
}

TEST(Calendar, DaysOfAZoneBeginAtItsMidnight) {
  // Berlin is an hour ahead in winter.
  EXPECT_EQ(WindowIn(Window::Day, "Europe/Berlin", kMonday), (Span{kMonday - 13 * kHour, kMonday + 11 * kHour}));
}

TEST(Calendar, DaysOnWhichClocksChangeAreLongerAndShorter) {
  const int64_t spring = 1'774'742'400'000;  // 2026-03-29 00:00 UTC
  const int64_t autumn = 1'792'886'400'000;  // 2026-10-25 00:00 UTC
  EXPECT_EQ(WindowIn(Window::Day, "Europe/Berlin", spring), (Span{spring - kHour, spring + 22 * kHour}));
  EXPECT_EQ(WindowIn(Window::Day, "Europe/Berlin", autumn), (Span{autumn - 2 * kHour, autumn + 23 * kHour}));
}

TEST(Calendar, HoursOfHalfHourZonesBeginAtTheirOwnHour) {
  EXPECT_EQ(WindowIn(Window::Hour, "Asia/Kolkata", kMonday), (Span{kMonday - kHour / 2, kMonday + kHour / 2}));
}

// Lord Howe's clocks change by half an hour: the hour that is cut into is two windows.
TEST(Calendar, EveryInstantOfAWindowGivesTheSameWindow) {
  const int64_t year = 1'767'225'600'000;  // 2026
  for (const char* zone : {"UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "Asia/Kathmandu", "Pacific/Apia"}) {
    for (const Window window : {Window::Hour, Window::Day, Window::Week, Window::Month}) {
      const TimeZone& here = **FindTimeZone(zone);
      Span last = CalendarWindow(window, here, year);
      const int64_t step = window == Window::Hour ? 10 * kMinute : 3 * kHour;
      for (int64_t time = year; time < year + 366 * kDay; time += step) {
        const Span span = CalendarWindow(window, here, time);
        ASSERT_TRUE(span.contains(time)) << zone;
        ASSERT_EQ(CalendarWindow(window, here, span.start), span) << zone << " " << time;
        ASSERT_EQ(CalendarWindow(window, here, span.end - 1), span) << zone << " " << time;
        ASSERT_TRUE(span == last || span.start == last.end) << zone << " " << time;
        last = span;
      }
    }
  }
}

TEST(Calendar, UnknownZonesAreErrors) {
  for (const char* name : {"Europe/Atlantis", "Berlin", "\xff\xfe", "GMT+25"}) EXPECT_FALSE(FindTimeZone(name).has_value()) << name;
  EXPECT_FALSE(FindTimeZone(std::string(1000, 'x')).has_value());
  EXPECT_TRUE(FindTimeZone("America/New_York").has_value());
}

TEST(Calendar, TheEndsOfTimeHaveWindows) {
  for (const Window window : {Window::Hour, Window::Day, Window::Week, Window::Month}) {
    for (const int64_t time : {int64_t{0}, kMaxTime}) {
      EXPECT_TRUE(WindowIn(window, "America/New_York", time).contains(time));
      EXPECT_TRUE(WindowIn(window, "Pacific/Auckland", time).contains(time));
    }
  }
}

TEST_F(LedgerTest, ACalendarWindowStartsAnewAtItsEnd) {
  EXPECT_FALSE(Take(In(Window::Day, 1)).empty());
  now = kMonday + 12 * kHour - 1;
  EXPECT_TRUE(Exhausted(In(Window::Day, 1)));
  EXPECT_EQ(ReadOne(In(Window::Day, 1)).window_end, now + 1);
  now += 1;
  EXPECT_FALSE(Take(In(Window::Day, 1)).empty());
}

// A reset loses nothing in flight: what was reserved yesterday is charged to yesterday, and today is not touched by it.
TEST_F(LedgerTest, SettlementsAcrossAResetBelongToTheirWindow) {
  Claim claim = In(Window::Day, 10, 6);
  claim.terms.hold_ms = 2 * kDay;
  const std::string id = Take(claim);
  now += kDay;
  EXPECT_EQ(Used(claim), 0);
  const std::string today = Take(claim);
  ASSERT_TRUE(Settle(id, Verdict::Success, {{"calls", 9}}).has_value());
  EXPECT_EQ(Used(claim), 6);
  EXPECT_EQ(StatusOf("calls").total_charged, 9);
  ASSERT_TRUE(Settle(today, Verdict::Success).has_value());
  EXPECT_EQ(StatusOf("calls").total_charged, 15);
  now -= kDay;
  EXPECT_EQ(Used(claim), 9);
}

TEST_F(LedgerTest, AClockThatIsPutBackFindsTheWindowAsItWas) {
  EXPECT_FALSE(Take(In(Window::Hour, 1)).empty());
  now += 300 * kDay;
  EXPECT_FALSE(Take(In(Window::Hour, 1)).empty());
  now -= 300 * kDay;
  EXPECT_TRUE(Exhausted(In(Window::Hour, 1)));
  now += kHour;  // and goes on
  EXPECT_FALSE(Take(In(Window::Hour, 1)).empty());
  EXPECT_TRUE(Exhausted(In(Window::Hour, 1)));
  now += 299 * kDay;
  EXPECT_FALSE(Take(In(Window::Hour, 1)).empty());
  now += kDay - kHour;
  EXPECT_FALSE(Take(In(Window::Hour, 2)).empty());
  EXPECT_TRUE(Exhausted(In(Window::Hour, 2)) || Used(In(Window::Hour, 2)) < 2);
}

// ---- sliding windows ----------------------------------------------------------------------------------------------------------

TEST_F(LedgerTest, ASlidingWindowNeverAdmitsLateAndRefusesAtMostASixtiethEarly) {
  for (const int64_t window : {int64_t{1}, int64_t{59}, int64_t{60}, int64_t{61}, int64_t{1000}, kMinute, kHour + 7}) {
    Claim claim = In(Window::Sliding, 1, 1, window);
    EXPECT_FALSE(Take(claim).empty());
    const int64_t taken = now;
    now = taken + window - 1;
    EXPECT_TRUE(Exhausted(claim)) << window;
    now = taken + window + window / 60;
    EXPECT_FALSE(Take(claim).empty()) << window;
    now += 10 * window;
  }
}

TEST_F(LedgerTest, ASlidingWindowCountsWhatIsInIt) {
  const Claim claim = In(Window::Sliding, 100, 1, kMinute);
  for (int i = 0; i < 60; ++i) {
    Take(claim);
    now += kSecond;
  }
  EXPECT_LE(Used(claim), 61);
  EXPECT_GE(Used(claim), 59);
  now += 30 * kSecond;
  EXPECT_NEAR(static_cast<double>(Used(claim)), 30, 1);
  now += kHour;
  EXPECT_EQ(Used(claim), 0);
}

TEST_F(LedgerTest, ASlidingWindowGivesBackWhereItTook) {
  const Claim claim = In(Window::Sliding, 10, 5, kMinute);
  const std::string first = Take(claim);
  now += 30 * kSecond;
  const std::string second = Take(claim);
  ASSERT_TRUE(Settle(first, Verdict::Success, {{"calls", 2}}).has_value());
  EXPECT_EQ(Used(claim), 7);
  now += 40 * kSecond;
  EXPECT_EQ(Used(claim), 5);
  now += kHour;
  ASSERT_TRUE(Settle(second, Verdict::Success, {{"calls", 1}}).has_value());
  EXPECT_EQ(Used(claim), 0);
  EXPECT_EQ(StatusOf("calls").total_charged, 2 + 5 - 4);  // the second expired, was charged in full and then corrected
}

TEST_F(LedgerTest, ASlidingWindowStandsStillWhileTheClockIsBack) {
  const Claim claim = In(Window::Sliding, 1, 1, kMinute);
  Take(claim);
  now -= kHour;
  EXPECT_TRUE(Exhausted(claim));
  now += kHour + 30 * kSecond;
  EXPECT_TRUE(Exhausted(claim));
  now += 40 * kSecond;
  EXPECT_FALSE(Take(claim).empty());
}

// ---- token buckets ------------------------------------------------------------------------------------------------------------

TEST_F(LedgerTest, ATokenBucketRefillsEvenlyAndExactly) {
  const Claim claim = In(Window::Refill, 7, 7, 1000);  // a token every 142.857 ms
  Take(claim);
  const Claim one = In(Window::Refill, 7, 1, 1000);
  now += 142;
  EXPECT_TRUE(Exhausted(one));
  now += 1;
  const std::string id = Take(one);
  EXPECT_FALSE(id.empty());
  now += 142;  // 285 < 2 * 142.857
  EXPECT_TRUE(Exhausted(one));
  now += 1;
  EXPECT_FALSE(Take(one).empty());
  now += 10'000;
  EXPECT_EQ(Used(one), 0);
}

TEST(Refill, AThousandSmallStepsRefillAsMuchAsOne) {
  RefillCounter steps(1'000'003);
  RefillCounter once(1'000'003);
  for (RefillCounter* counter : {&steps, &once}) {
    counter->PlaceAt(kMonday);
    counter->SetLimit(997);
    counter->Add(kMonday, {.reserved = 997});
  }
  for (int64_t i = 1; i <= 1000; ++i) steps.PlaceAt(kMonday + i * 777);
  once.PlaceAt(kMonday + 777'000);
  EXPECT_EQ(steps.Now().used(), once.Now().used());
}

// What is given back was perhaps refilled already; giving it back again would let more through than burst and rate allow.
TEST_F(LedgerTest, ATokenBucketGivesBackOnlyWhatWasNotRefilled) {
  const std::string refunded = Take(In(Window::Refill, 10, 5, 10 * kSecond));
  now += 4 * kSecond;
  Take(In(Window::Refill, 10, 5, 10 * kSecond));
  now += kSecond;
  ASSERT_TRUE(Settle(refunded, Verdict::NotDispatched).has_value());
  EXPECT_EQ(Used(In(Window::Refill, 10, 5, 10 * kSecond)), 5);
}

TEST_F(LedgerTest, ATokenBucketGivesBackAtOnceInFull) {
  const Claim claim = In(Window::Refill, 10, 10, 10 * kSecond);
  ASSERT_TRUE(Settle(Take(claim), Verdict::NotDispatched).has_value());
  EXPECT_EQ(Used(claim), 0);
}

TEST_F(LedgerTest, ATokenBucketOfTheLargestNumbersDoesNotOverflow) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  const Claim claim = In(Window::Refill, kMax, kMax, kMax);
  EXPECT_FALSE(Take(claim).empty());
  EXPECT_TRUE(Exhausted(In(Window::Refill, kMax, 1, kMax)));
  now = kMaxTime;
  EXPECT_EQ(Used(claim), kMax - (kMaxTime - kMonday));
}

// ---- what runs at once --------------------------------------------------------------------------------------------------------

TEST_F(LedgerTest, ConcurrentClaimsAreGivenBackAtSettlementAndAtExpiry) {
  const Claim claim = In(Window::Concurrent, 2);
  const std::string first = Take(claim);
  EXPECT_FALSE(Take(claim).empty());
  EXPECT_TRUE(Exhausted(claim));
  ASSERT_TRUE(Settle(first, Verdict::Success, {{"calls", 5}}).has_value());
  EXPECT_EQ(Used(claim), 1);
  EXPECT_FALSE(Take(claim).empty());
  now += claim.terms.hold_ms;
  EXPECT_EQ(Used(claim), 0);
}

}  // namespace
}  // namespace remit::ledger
