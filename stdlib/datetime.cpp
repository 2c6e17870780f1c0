// Points in time: milliseconds since the epoch, read from a narrow profile of ISO 8601.
//
// Texts are checked in two rounds, first the shape from left to right, then the values: which message an author sees for a text
// with several mistakes follows from that.
#include "stdlib/datetime.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdint>

#include "stdlib/digits.h"

namespace remit {
namespace {

constexpr int64_t kMillisPerDay = 86'400'000;
constexpr size_t kDateLength = std::string_view{"YYYY-MM-DD"}.size();
constexpr size_t kTimeLength = std::string_view{"hh:mm:ss"}.size();

struct CivilDate {
  uint32_t year = 0, month = 0, day = 0;
};
struct TimeOfDay {
  uint32_t hour = 0, minute = 0, second = 0;
};
// What follows the seconds: milliseconds and the distance from UTC.
struct TimeTail {
  uint32_t millis = 0;
  bool west = false;
  uint32_t hours = 0, minutes = 0;
};

auto ReadDate(DigitReader& reader) -> std::optional<CivilDate> {
  const auto year = reader.TakeNumber(4);
  if (!year || !reader.Take('-')) return std::nullopt;
  const auto month = reader.TakeNumber(2);
  if (!month || !reader.Take('-')) return std::nullopt;
  const auto day = reader.TakeNumber(2);
  if (!day) return std::nullopt;
  return CivilDate{.year = *year, .month = *month, .day = *day};
}

auto ReadTime(DigitReader& reader) -> std::optional<TimeOfDay> {
  if (!reader.Take('T')) return std::nullopt;
  const auto hour = reader.TakeNumber(2);
  if (!hour || !reader.Take(':')) return std::nullopt;
  const auto minute = reader.TakeNumber(2);
  if (!minute || !reader.Take(':')) return std::nullopt;
  const auto second = reader.TakeNumber(2);
  if (!second) return std::nullopt;
  return TimeOfDay{.hour = *hour, .minute = *minute, .second = *second};
}

auto ReadTail(DigitReader& reader) -> std::optional<TimeTail> {
  TimeTail tail;
  if (reader.Take('.')) {
    const auto millis = reader.TakeNumber(3);
    if (!millis) return std::nullopt;
    tail.millis = *millis;
  }
  if (!reader.Take('Z')) {
    tail.west = reader.Take('-');
    if (!tail.west && !reader.Take('+')) return std::nullopt;
    const auto hours = reader.TakeNumber(2);
    const auto minutes = reader.TakeNumber(2);
    if (!hours || !minutes) return std::nullopt;
    tail.hours = *hours;
    tail.minutes = *minutes;
  }
  if (!reader.at_end()) return std::nullopt;
  return tail;
}

auto DateMillis(const CivilDate& date) -> std::optional<int64_t> {
  using namespace std::chrono;
  const auto civil = year{static_cast<int>(date.year)} / month{date.month} / day{date.day};
  if (!civil.ok()) return std::nullopt;
  return sys_days{civil}.time_since_epoch().count() * kMillisPerDay;
}

// No leap seconds: a 60th second cannot be told from a mistake.
auto TimeMillis(const TimeOfDay& time) -> std::optional<int64_t> {
  if (time.hour > 23 || time.minute > 59 || time.second > 59) return std::nullopt;
  return ((int64_t{time.hour} * 60 + time.minute) * 60 + time.second) * 1000;
}

// What to add to get UTC.
auto ShiftToUtc(const TimeTail& tail) -> std::optional<int64_t> {
  if (tail.hours > 23 || tail.minutes > 59) return std::nullopt;
  const int64_t millis = (int64_t{tail.hours} * 60 + tail.minutes) * 60'000;
  return tail.west ? millis : -millis;
}

auto MillisOfDay(Datetime time) -> int64_t {
  const int64_t rest = time.millis % kMillisPerDay;
  return rest < 0 ? rest + kMillisPerDay : rest;
}

auto Describe(Datetime time) -> std::string { return fmt::format(R"((datetime("1970-01-01")).offset(duration("{}ms")))", time.millis); }

}  // namespace

auto ParseDatetime(String text) -> Fallible<Datetime> {
  DigitReader reader(text.view());
  const auto date = ReadDate(reader);
  if (!date) return Fail("invalid date pattern");
  const bool date_only = reader.at_end();
  const auto time = date_only ? TimeOfDay{} : ReadTime(reader);
  if (!time) return Fail("invalid hour/minute/second pattern");
  const auto tail = date_only ? TimeTail{} : ReadTail(reader);
  if (!tail) return Fail("invalid millisecond and/or offset pattern");

  const auto date_millis = DateMillis(*date);
  if (!date_millis) return Fail(fmt::format("invalid date: {}", text.view().substr(0, kDateLength)));
  const auto time_millis = TimeMillis(*time);
  if (!time_millis) return Fail(fmt::format("invalid hour/minute/second: {}", text.view().substr(kDateLength + 1, kTimeLength)));
  const auto shift = ShiftToUtc(*tail);
  if (!shift) return Fail(fmt::format("invalid offset range: {:02}{:02}", tail->hours, tail->minutes));
  return Datetime{.millis = *date_millis + *time_millis + tail->millis + *shift};
}

auto Offset(Datetime start, Duration duration) -> Fallible<Datetime> {
  Datetime result;
  if (__builtin_add_overflow(start.millis, duration.millis, &result.millis)) {
    return Fail(fmt::format("overflows when adding an offset: {}+({}ms)", Describe(start), duration.millis));
  }
  return result;
}

auto DurationSince(Datetime end, Datetime start) -> Fallible<Duration> {
  Duration result;
  if (__builtin_sub_overflow(end.millis, start.millis, &result.millis)) {
    return Fail(fmt::format("overflows when computing the duration between {} and {}", Describe(end), Describe(start)));
  }
  return result;
}

auto ToDate(Datetime time) -> Fallible<Datetime> {
  Datetime midnight;
  if (__builtin_sub_overflow(time.millis, MillisOfDay(time), &midnight.millis)) {
    return Fail(fmt::format("overflows when computing the date of {}", Describe(time)));
  }
  return midnight;
}

auto ToTime(Datetime time) -> Duration { return {.millis = MillisOfDay(time)}; }

}  // namespace remit
