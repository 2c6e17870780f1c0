#include "compiler/mcp/formats.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>

#include "stdlib/datetime.h"
#include "stdlib/decimal.h"
#include "stdlib/duration.h"
#include "stdlib/ip.h"

namespace remit::mcp {
namespace {

constexpr size_t kDate = 10;      // 2026-01-05
constexpr size_t kSeconds = 19;   // 2026-01-05T10:00:00

auto IsDigit(char c) -> bool { return c >= '0' && c <= '9'; }

// `.5` is `.500`, and moves past it.
auto Milliseconds(std::string_view& rest) -> std::string {
  if (!rest.starts_with('.')) return {};
  rest.remove_prefix(1);
  std::string digits;
  while (!rest.empty() && IsDigit(rest.front())) {
    digits += rest.front();
    rest.remove_prefix(1);
  }
  if (digits.empty()) return "?";
  digits.resize(3, '0');
  return digits == "000" ? "" : "." + digits;
}

auto Zone(std::string_view text) -> std::string {
  if (text.empty() || text == "Z" || text == "z" || text == "+00:00" || text == "-00:00") return "Z";
  std::string zone;
  for (const char c : text) {
    if (c != ':') zone += c;
  }
  return zone;
}

// Days for each of years, months, weeks and days; milliseconds for the rest.
struct Unit {
  char letter;
  bool in_time;
  std::string_view unit;
  uint64_t factor;
};
constexpr std::array<Unit, 7> kUnits = {{{'Y', false, "d", 365},
                                         {'M', false, "d", 30},
                                         {'W', false, "d", 7},
                                         {'D', false, "d", 1},
                                         {'H', true, "h", 1},
                                         {'M', true, "m", 1},
                                         {'S', true, "s", 1}}};

struct DurationParts {
  uint64_t days = 0, hours = 0, minutes = 0, seconds = 0, milliseconds = 0;
};

auto AddPart(DurationParts& parts, const Unit& unit, uint64_t number) -> bool {
  if (number > 1'000'000'000) return false;
  if (unit.unit == "d")
    parts.days += number * unit.factor;
  else if (unit.unit == "h")
    parts.hours += number;
  else if (unit.unit == "m")
    parts.minutes += number;
  else
    parts.seconds += number;
  return true;
}

// One number and its letter, which must come later in the table than the one before.
auto ReadPart(std::string_view& text, bool in_time, size_t& next_unit, DurationParts& parts) -> bool {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{}) return false;
  text.remove_prefix(static_cast<size_t>(end - text.data()));
  if (text.starts_with('.') || text.starts_with(',')) {
    std::string fraction = "." + std::string(text.substr(1));
    std::string_view rest = fraction;
    const auto milliseconds = Milliseconds(rest);
    if (milliseconds == "?" || rest != "S" || !in_time) return false;
    for (size_t i = 1; i < milliseconds.size(); ++i)
      parts.milliseconds = parts.milliseconds * 10 + static_cast<uint64_t>(milliseconds[i] - '0');
    text = text.substr(text.size() - 1);
  }
  for (size_t i = next_unit; i < kUnits.size() && !text.empty(); ++i) {
    if (kUnits[i].letter != text.front() || kUnits[i].in_time != in_time) continue;
    text.remove_prefix(1);
    next_unit = i + 1;
    return AddPart(parts, kUnits[i], number);
  }
  return false;
}

}  // namespace

auto CedarDatetime(std::string_view text) -> std::optional<std::string> {
  std::string cedar(text.substr(0, kDate));
  if (text.size() > kDate) {
    if (text.size() < kSeconds) return std::nullopt;
    std::string_view rest = text.substr(kSeconds);
    const auto milliseconds = Milliseconds(rest);
    cedar += "T" + std::string(text.substr(kDate + 1, kSeconds - kDate - 1)) + milliseconds + Zone(rest);
  }
  if (!ParseDatetime(String(cedar))) return std::nullopt;
  return cedar;
}

auto CedarDuration(std::string_view text) -> std::optional<std::string> {
  if (text.size() < 3 || !text.starts_with('P')) return std::nullopt;
  text.remove_prefix(1);
  DurationParts parts;
  bool in_time = false;
  for (size_t unit = 0; !text.empty();) {
    if (!in_time && text.starts_with('T') && text.size() > 1) {
      in_time = true;
      text.remove_prefix(1);
    }
    if (!ReadPart(text, in_time, unit, parts)) return std::nullopt;
  }
  std::string cedar;
  const auto add = [&](uint64_t number, std::string_view unit) {
    if (number != 0) cedar += fmt::format("{}{}", number, unit);
  };
  add(parts.days, "d"), add(parts.hours, "h"), add(parts.minutes, "m"), add(parts.seconds, "s"), add(parts.milliseconds, "ms");
  if (cedar.empty()) cedar = "0ms";
  if (!ParseDuration(String(cedar))) return std::nullopt;
  return cedar;
}

auto CedarIp(std::string_view text) -> std::optional<std::string> {
  const auto slash = text.find('/');
  std::string address(text.substr(0, slash));
  in6_addr parsed = {};
  if (inet_pton(AF_INET6, address.c_str(), &parsed) == 1 && IN6_IS_ADDR_V4MAPPED(&parsed)) {
    std::array<char, INET_ADDRSTRLEN> out = {};
    inet_ntop(AF_INET, &parsed.s6_addr[12], out.data(), out.size());
    address = out.data();
  }
  if (slash != std::string_view::npos) address += text.substr(slash);
  if (!ParseIp(String(address))) return std::nullopt;
  return address;
}

auto CedarDecimal(std::string_view text) -> std::optional<std::string> {
  if (!ParseDecimal(String(text))) return std::nullopt;
  return std::string(text);
}

auto CedarDecimal(double number) -> std::optional<std::string> {
  if (!std::isfinite(number) || std::abs(number) > 1e15) return std::nullopt;
  return CedarDecimal(fmt::format("{:.4f}", number));
}

}  // namespace remit::mcp
