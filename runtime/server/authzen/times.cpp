#include "runtime/server/authzen/times.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace remit::authzen {

auto FormatTime(int64_t millis) -> std::string {
  using namespace std::chrono;
  constexpr int64_t kFirst = -62'167'219'200'000;  // 0000-01-01
  constexpr int64_t kLast = 253'402'300'799'999;  // 9999-12-31
  const sys_time<milliseconds> time{milliseconds(std::clamp(millis, kFirst, kLast))};
  const auto day = floor<days>(time);
  const year_month_day date(day);
  const hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

}  // namespace remit::authzen
