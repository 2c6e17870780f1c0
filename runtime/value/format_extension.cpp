// Texts of extension values. IPv6 follows RFC 5952, but never its dotted form for embedded IPv4, which the `ip` constructor refuses and
// inet_ntop writes.
#include <fmt/format.h>

#include <chrono>

#include "runtime/value/format.h"

namespace remit {
namespace {

using Groups = std::array<unsigned, 8>;

struct ZeroRun {
  size_t begin = 0;
  size_t length = 0;
};

auto GroupsOf(const IpNet& net) -> Groups {
  Groups groups = {};
  for (size_t i = 0; i < groups.size(); ++i) groups[i] = (unsigned{net.address[2 * i]} << 8) | net.address[2 * i + 1];
  return groups;
}

// The first of the longest runs of zero groups; a single group is not worth `::`.
auto LongestZeroRun(const Groups& groups) -> ZeroRun {
  ZeroRun longest;
  for (size_t begin = 0; begin < groups.size();) {
    size_t end = begin;
    while (end < groups.size() && groups[end] == 0) ++end;
    if (end - begin > longest.length) longest = {.begin = begin, .length = end - begin};
    begin = end + 1;
  }
  return longest.length >= 2 ? longest : ZeroRun{};
}

auto FormatIpv6(const IpNet& net) -> std::string {
  const Groups groups = GroupsOf(net);
  const ZeroRun run = LongestZeroRun(groups);
  std::string text;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (run.length > 0 && i == run.begin) {
      text += "::";
      i += run.length - 1;
      continue;
    }
    if (!text.empty() && !text.ends_with(':')) text += ':';
    text += fmt::format("{:x}", groups[i]);
  }
  return text;
}

auto FormatIpv4(const IpNet& net) -> std::string {
  return fmt::format("{}.{}.{}.{}", net.address[0], net.address[1], net.address[2], net.address[3]);
}

}  // namespace

auto FormatIp(const IpNet& net) -> std::string {
  auto text = net.is_v6 ? FormatIpv6(net) : FormatIpv4(net);
  if (net.prefix != (net.is_v6 ? 128 : 32)) text += fmt::format("/{}", net.prefix);
  return text;
}

auto FormatDecimal(Decimal value) -> std::string {
  const uint64_t magnitude = value.units < 0 ? 0 - static_cast<uint64_t>(value.units) : static_cast<uint64_t>(value.units);
  auto text = fmt::format("{}{}.{:04}", value.units < 0 ? "-" : "", magnitude / 10'000, magnitude % 10'000);
  while (text.ends_with('0') && !text.ends_with(".0")) text.pop_back();
  return text;
}

auto FormatDatetime(Datetime time) -> std::optional<std::string> {
  using namespace std::chrono;
  // Compared as milliseconds: <chrono> cannot hold the years of the far ends.
  constexpr int64_t kFirst = milliseconds{sys_days{year{0} / January / 1}.time_since_epoch()}.count();
  constexpr int64_t kEnd = milliseconds{sys_days{year{10'000} / January / 1}.time_since_epoch()}.count();
  if (time.millis < kFirst || time.millis >= kEnd) return std::nullopt;
  const sys_time<milliseconds> instant{milliseconds{time.millis}};
  const auto midnight = floor<days>(instant);
  const year_month_day date{midnight};
  const hh_mm_ss clock{instant - midnight};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", int{date.year()}, unsigned{date.month()}, unsigned{date.day()},
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

auto FormatDuration(Duration duration) -> std::string { return fmt::format("{}ms", duration.millis); }

}  // namespace remit
