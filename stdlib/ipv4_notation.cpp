#include "stdlib/ipv4_notation.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <vector>

#include "stdlib/digits.h"

namespace remit {
namespace {

auto LastLabel(std::string_view host) -> std::string_view {
  const size_t dot = host.rfind('.');
  return dot == std::string_view::npos ? host : host.substr(dot + 1);
}

auto ReadNumber(std::string_view digits, int base) -> std::optional<uint64_t> {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number, base);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

auto ReadPart(std::string_view part) -> std::optional<uint64_t> {
  if (part.starts_with("0x")) return part.size() == 2 ? uint64_t{0} : ReadNumber(part.substr(2), 16);
  const auto decimal = ReadNumber(part, 10);
  if (part.size() < 2 || part[0] != '0') return decimal;
  return ReadNumber(part, 8) == decimal ? decimal : std::nullopt;
}

auto SplitParts(std::string_view host) -> std::vector<std::string_view> {
  std::vector<std::string_view> parts;
  while (parts.size() <= 4) {
    const size_t dot = host.find('.');
    parts.push_back(host.substr(0, dot));
    if (dot == std::string_view::npos) break;
    host.remove_prefix(dot + 1);
  }
  return parts;
}

}  // namespace

auto EndsInNumber(std::string_view host) -> bool {
  const auto label = LastLabel(host);
  if (label.empty()) return false;
  if (std::ranges::all_of(label, IsDigit)) return true;
  const auto is_hex = [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); };
  return label.starts_with("0x") && std::ranges::all_of(label.substr(2), is_hex);
}

auto NormalizeIpv4(std::string_view host) -> Fallible<std::string> {
  const auto unclear = Fail(fmt::format("`{}` is not an IPv4 address that all readers agree on", host));
  const auto parts = SplitParts(host);
  if (parts.size() > 4) return unclear;
  uint64_t address = 0;
  for (size_t i = 0; i < parts.size(); ++i) {
    const auto number = ReadPart(parts[i]);
    // The last part fills the bytes that the others leave.
    const unsigned bits = i + 1 == parts.size() ? 8 * (5 - static_cast<unsigned>(parts.size())) : 8;
    if (!number || *number >= uint64_t{1} << bits) return unclear;
    address = (address << bits) | *number;
  }
  return fmt::format("{}.{}.{}.{}", address >> 24, (address >> 16) & 0xFF, (address >> 8) & 0xFF, address & 0xFF);
}

}  // namespace remit
