#include "runtime/ledger/calendar.h"

#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include <algorithm>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "runtime/base/check.h"

namespace remit::ledger {

// ICU's calendars are changed by asking them, so each zone has one and a mutex. Boundaries are cached with the accounts: this is asked once for
// each account and window.
class TimeZone {
 public:
  explicit TimeZone(UCalendar* calendar) : calendar_(calendar) {}

  auto Hour(int64_t time) const -> Span;
  auto Days(Window window, int64_t time) const -> Span;

 private:
  auto Offset(int64_t time) const -> int64_t;
  auto Transition(UTimeZoneTransitionType type, int64_t time, int64_t otherwise) const -> int64_t;
  auto Now() const -> int64_t;
  void SetDate(int32_t year, int32_t month, int32_t day) const;

  mutable std::mutex mutex_;
  UCalendar* calendar_;
};

namespace {

constexpr int64_t kHour = 3'600'000;
constexpr int64_t kDay = 24 * kHour;

auto FloorTo(int64_t value, int64_t unit) -> int64_t {
  const int64_t rest = value % unit;
  return value - (rest < 0 ? rest + unit : rest);
}

auto ToUtf16(std::string_view text) -> std::vector<UChar> {
  std::vector<UChar> units(text.size() + 1);
  UErrorCode status = U_ZERO_ERROR;
  u_strFromUTF8(units.data(), static_cast<int32_t>(units.size()), nullptr, text.data(), static_cast<int32_t>(text.size()), &status);
  return U_SUCCESS(status) ? units : std::vector<UChar>(1);
}

// ICU takes any text for a zone and means GMT when it does not know it; known ones have a canonical name.
auto IsKnownZone(const std::vector<UChar>& name) -> bool {
  UChar canonical[128];
  UBool known = false;
  UErrorCode status = U_ZERO_ERROR;
  ucal_getCanonicalTimeZoneID(name.data(), -1, canonical, 128, &known, &status);
  return U_SUCCESS(status) && known;
}

auto OpenCalendar(std::string_view name) -> UCalendar* {
  constexpr size_t kLongestName = 64;
  if (name.size() > kLongestName) return nullptr;
  const auto units = ToUtf16(name);
  if (units.front() == 0 || !IsKnownZone(units)) return nullptr;
  UErrorCode status = U_ZERO_ERROR;
  UCalendar* calendar = ucal_open(units.data(), -1, "en_US_POSIX", UCAL_GREGORIAN, &status);
  if (U_FAILURE(status)) return nullptr;
  ucal_setAttribute(calendar, UCAL_FIRST_DAY_OF_WEEK, UCAL_MONDAY);
  ucal_setAttribute(calendar, UCAL_SKIPPED_WALL_TIME, UCAL_WALLTIME_NEXT_VALID);
  ucal_setAttribute(calendar, UCAL_REPEATED_WALL_TIME, UCAL_WALLTIME_FIRST);
  return calendar;
}

}  // namespace

auto FindTimeZone(std::string_view name) -> Expected<const TimeZone*> {
  static std::mutex mutex;
  static auto& zones = *new std::map<std::string, std::unique_ptr<TimeZone>, std::less<>>();
  if (name.empty()) name = "UTC";
  const std::lock_guard lock(mutex);
  if (const auto found = zones.find(name); found != zones.end()) return found->second.get();
  UCalendar* calendar = OpenCalendar(name);
  if (calendar == nullptr) {
    return std::unexpected(
        Error{.code = "unknown-time-zone", .message = "unknown time zone `" + std::string(name) + "`", .pointer = {}, .help = {}});
  }
  return zones.emplace(name, std::make_unique<TimeZone>(calendar)).first->second.get();
}

auto TimeZone::Now() const -> int64_t {
  UErrorCode status = U_ZERO_ERROR;
  const auto time = static_cast<int64_t>(ucal_getMillis(calendar_, &status));
  CHECK(U_SUCCESS(status), u_errorName(status));
  return time;
}

auto TimeZone::Offset(int64_t time) const -> int64_t {
  UErrorCode status = U_ZERO_ERROR;
  ucal_setMillis(calendar_, static_cast<UDate>(time), &status);
  const int64_t offset = int64_t{ucal_get(calendar_, UCAL_ZONE_OFFSET, &status)} + ucal_get(calendar_, UCAL_DST_OFFSET, &status);
  CHECK(U_SUCCESS(status), u_errorName(status));
  return offset;
}

auto TimeZone::Transition(UTimeZoneTransitionType type, int64_t time, int64_t otherwise) const -> int64_t {
  UErrorCode status = U_ZERO_ERROR;
  UDate transition = 0;
  ucal_setMillis(calendar_, static_cast<UDate>(time), &status);
  const bool exists = ucal_getTimeZoneTransitionDate(calendar_, type, &transition, &status);
  return U_SUCCESS(status) && exists ? static_cast<int64_t>(transition) : otherwise;
}

// The local hour, cut where the offset changes inside it.
auto TimeZone::Hour(int64_t time) const -> Span {
  const std::lock_guard lock(mutex_);
  const int64_t offset = Offset(time);
  Span hour = {.start = FloorTo(time + offset, kHour) - offset, .end = 0};
  hour.end = hour.start + kHour;
  if (Offset(hour.start) != offset) hour.start = Transition(UCAL_TZ_TRANSITION_PREVIOUS_INCLUSIVE, time, hour.start);
  if (Offset(hour.end - 1) != offset) hour.end = Transition(UCAL_TZ_TRANSITION_NEXT, time, hour.end);
  return hour;
}

// Midnight at the beginning of a local date; days and months out of range are carried over.
void TimeZone::SetDate(int32_t year, int32_t month, int32_t day) const {
  UErrorCode status = U_ZERO_ERROR;
  ucal_clear(calendar_);
  ucal_setDateTime(calendar_, year, month, day, 0, 0, 0, &status);
  CHECK(U_SUCCESS(status), u_errorName(status));
}

auto TimeZone::Days(Window window, int64_t time) const -> Span {
  const std::lock_guard lock(mutex_);
  UErrorCode status = U_ZERO_ERROR;
  ucal_setMillis(calendar_, static_cast<UDate>(time), &status);
  const int32_t year = ucal_get(calendar_, UCAL_EXTENDED_YEAR, &status);
  const int32_t month = ucal_get(calendar_, UCAL_MONTH, &status);
  const int32_t day = ucal_get(calendar_, UCAL_DATE, &status);
  const int32_t weekday = (ucal_get(calendar_, UCAL_DAY_OF_WEEK, &status) + 5) % 7;  // Monday is 0
  CHECK(U_SUCCESS(status), u_errorName(status));
  const int32_t first = window == Window::Month ? 1 : window == Window::Week ? day - weekday : day;
  SetDate(year, month, first);
  const int64_t start = Now();
  if (window == Window::Month) {
    SetDate(year, month + 1, 1);
  } else {
    SetDate(year, month, first + (window == Window::Week ? 7 : 1));
  }
  return {.start = start, .end = Now()};
}

auto CalendarWindow(Window window, const TimeZone& zone, int64_t time) -> Span {
  Span span = window == Window::Hour ? zone.Hour(time) : zone.Days(window, time);
  // A zone whose clocks skip or repeat more than we know of must not stop the ledger: the window is then a day that contains the instant.
  if (!span.contains(time)) span = {.start = FloorTo(time, kDay), .end = FloorTo(time, kDay) + kDay};
  return span;
}

}  // namespace remit::ledger
