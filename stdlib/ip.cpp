// IP addresses and CIDR ranges, as strict as Cedar: no zone, no IPv4 inside IPv6 text, no leading zeros, no repaired host bits.
//
// The addresses themselves are read by inet_pton, whose IPv6 grammar is the same as Cedar's once those forms are out of the way.
#include "stdlib/ip.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "stdlib/digits.h"

namespace remit {
namespace {

constexpr size_t kLongestIp = std::string_view{"ABCD:EF01:2345:6789:ABCD:EF01:2345:6789/128"}.size();
constexpr uint8_t kPrefixV4 = 32;
constexpr uint8_t kPrefixV6 = 128;

auto FullPrefix(const IpNet& net) -> uint8_t { return net.is_v6 ? kPrefixV6 : kPrefixV4; }

auto MixesNotations(std::string_view text) -> bool { return std::ranges::count(text, ':') >= 2 && std::ranges::count(text, '.') >= 2; }

// The address alone, with the prefix of a single address. `text` is at most kLongestIp bytes.
auto ParseAddress(std::string_view text) -> std::optional<IpNet> {
  if (text.find('\0') != std::string_view::npos) return std::nullopt;  // inet_pton would stop there
  std::array<char, kLongestIp + 1> buffer = {};
  std::ranges::copy(text, buffer.begin());
  IpNet net;
  if (inet_pton(AF_INET, buffer.data(), net.address.data()) == 1) {
    net.prefix = kPrefixV4;
    return net;
  }
  net.address = {};
  if (inet_pton(AF_INET6, buffer.data(), net.address.data()) != 1) return std::nullopt;
  net.is_v6 = true;
  net.prefix = kPrefixV6;
  return net;
}

auto ParsePrefix(std::string_view text, const IpNet& net) -> Fallible<uint8_t> {
  if (text.size() > (net.is_v6 ? 3U : 2U)) return Fail(fmt::format("error parsing prefix: string length {} is too large", text.size()));
  if (text.empty()) return Fail("error parsing prefix from the string ``: cannot parse integer from empty string");
  if (!std::ranges::all_of(text, IsDigit)) return Fail(fmt::format("error parsing prefix `{}`: encountered non-digit", text));
  if (text.starts_with('0') && text != "0") return Fail(fmt::format("error parsing prefix `{}`: leading zero(s)", text));
  unsigned prefix = 0;
  std::from_chars(text.data(), text.data() + text.size(), prefix);
  if (prefix > FullPrefix(net)) return Fail(fmt::format("error parsing prefix: {} is larger than the limit {}", prefix, FullPrefix(net)));
  return static_cast<uint8_t>(prefix);
}

// True if the first `bits` bits agree.
auto SharesPrefix(const IpNet& a, const IpNet& b, unsigned bits) -> bool {
  const unsigned bytes = bits / 8;
  if (std::memcmp(a.address.data(), b.address.data(), bytes) != 0) return false;
  if (bits % 8 == 0) return true;
  const auto mask = static_cast<uint8_t>(0xFF00U >> (bits % 8));
  return ((a.address[bytes] ^ b.address[bytes]) & mask) == 0;
}

constexpr IpNet kLoopbackV4 = {.address = {127}, .prefix = 8, .is_v6 = false};
constexpr IpNet kLoopbackV6 = {.address = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1}, .prefix = 128, .is_v6 = true};
constexpr IpNet kMulticastV4 = {.address = {224}, .prefix = 4, .is_v6 = false};
constexpr IpNet kMulticastV6 = {.address = {0xFF}, .prefix = 8, .is_v6 = true};

}  // namespace

auto ParseIp(String text) -> Fallible<IpNet> {
  const auto whole = text.view();
  if (whole.size() > kLongestIp) return Fail(fmt::format("error parsing IP address from string `{}`: string length is too large", whole));
  if (MixesNotations(whole)) {
    // Cedar's own words, so that authors who search for them find its documentation.
    return Fail(fmt::format(
        "error parsing IP address from string: We do not accept IPv4 embedded in IPv6 (e.g., ::ffff:127.0.0.1). Found: `{}`", whole));
  }
  const size_t slash = whole.find('/');
  auto net = ParseAddress(whole.substr(0, slash));
  if (slash == std::string_view::npos) {
    if (!net) return Fail(fmt::format("invalid IP address: {}", whole));
    return *net;
  }
  if (!net) return Fail(fmt::format("error parsing IP address from the string `{}`: invalid IP address syntax", whole.substr(0, slash)));
  const auto prefix = ParsePrefix(whole.substr(slash + 1), *net);
  if (!prefix) return Fail(prefix.error());
  net->prefix = *prefix;
  return *net;
}

auto IsIpv4(const IpNet& net) -> bool { return !net.is_v6; }
auto IsIpv6(const IpNet& net) -> bool { return net.is_v6; }
auto IsLoopback(const IpNet& net) -> bool { return IsInRange(net, net.is_v6 ? kLoopbackV6 : kLoopbackV4); }
auto IsMulticast(const IpNet& net) -> bool { return IsInRange(net, net.is_v6 ? kMulticastV6 : kMulticastV4); }

auto IsInRange(const IpNet& net, const IpNet& range) -> bool {
  return net.is_v6 == range.is_v6 && net.prefix >= range.prefix && SharesPrefix(net, range, range.prefix);
}

}  // namespace remit
