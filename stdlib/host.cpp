#include "stdlib/host.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runtime/value/format.h"
#include "stdlib/ipv4_notation.h"
#include "stdlib/unicode.h"

namespace remit {
namespace {

constexpr size_t kLongestDomain = 253;
constexpr size_t kLongestIpv6 = INET6_ADDRSTRLEN - 1;

auto IsAscii(char c) -> bool { return static_cast<unsigned char>(c) < 0x80; }

// Letters, digits, hyphens and dots, and the underscore of service names. The standard takes more, such as `!` and `~`, which not every reader
// does; `%` would be an escape to some.
auto IsHostByte(char c) -> bool {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

auto NotAHost(std::string_view text) -> std::unexpected<std::string> { return Fail(fmt::format("`{}` is not a host", text)); }

// A name or an IPv4 address in lower-case ASCII, without the dot of the root.
auto ToAsciiName(std::string_view text) -> Fallible<std::string> {
  const auto is_strange = [](char c) { return IsAscii(c) && !IsHostByte(c); };
  if (text.empty() || std::ranges::any_of(text, is_strange)) return NotAHost(text);
  auto ascii = unicode::DomainToAscii(text);
  if (!ascii) return Fail(fmt::format("`{}` is not a host: {}", text, ascii.error()));
  if (ascii->ends_with('.')) ascii->pop_back();
  // What characters of other scripts were mapped to is no more trusted than what was written.
  const bool is_name = !ascii->empty() && ascii->size() <= kLongestDomain && std::ranges::all_of(*ascii, IsHostByte);
  const bool has_empty_label = ascii->starts_with('.') || ascii->ends_with('.') || ascii->find("..") != std::string::npos;
  if (!is_name || has_empty_label) return NotAHost(text);
  return ascii;
}

// `::ffff:127.0.0.1` and `::127.0.0.1` reach an IPv4 address on some systems and nothing on others.
auto HoldsIpv4(const IpNet& net) -> bool {
  const auto is_zero = [](uint8_t byte) { return byte == 0; };
  if (!std::all_of(net.address.begin(), net.address.begin() + 10, is_zero)) return false;
  const bool is_mapped = net.address[10] == 0xFF && net.address[11] == 0xFF;
  const bool is_compatible = is_zero(net.address[10]) && is_zero(net.address[11]);
  const bool is_small = std::all_of(net.address.begin() + 12, net.address.begin() + 15, is_zero) && net.address[15] <= 1;
  return is_mapped || (is_compatible && !is_small);
}

// `text` is between the brackets.
auto ParseIpv6(std::string_view text) -> Fallible<Host> {
  if (text.size() > kLongestIpv6 || text.find('\0') != std::string_view::npos) return NotAHost(text);
  std::array<char, kLongestIpv6 + 1> buffer = {};
  std::ranges::copy(text, buffer.begin());
  IpNet net = {.address = {}, .prefix = 128, .is_v6 = true};
  if (inet_pton(AF_INET6, buffer.data(), net.address.data()) != 1) return NotAHost(text);
  if (HoldsIpv4(net)) return Fail(fmt::format("`{}` is an IPv4 address inside IPv6", text));
  return Host{.kind = HostKind::Ipv6, .text = FormatIp(net)};
}

}  // namespace

auto ParseHost(std::string_view text, HostSyntax syntax) -> Fallible<Host> {
  if (text.starts_with('[')) {
    if (!text.ends_with(']')) return NotAHost(text);
    return ParseIpv6(text.substr(1, text.size() - 2));
  }
  if (syntax == HostSyntax::Opaque && !std::ranges::all_of(text, IsAscii)) return NotAHost(text);
  auto name = ToAsciiName(text);
  if (!name) return std::unexpected(name.error());
  if (!EndsInNumber(*name)) return Host{.kind = HostKind::Domain, .text = std::move(*name)};
  auto address = NormalizeIpv4(*name);
  if (!address) return std::unexpected(address.error());
  if (syntax == HostSyntax::Opaque && *address != text) return NotAHost(text);
  return Host{.kind = HostKind::Ipv4, .text = std::move(*address)};
}

auto ParseDomain(std::string_view text) -> Fallible<std::string> {
  auto name = ToAsciiName(text);
  if (!name) return Fail(fmt::format("`{}` is not a domain", text));
  if (EndsInNumber(*name)) return Fail(fmt::format("`{}` is an address and not a domain", text));
  return name;
}

auto IsSameOrSubdomain(std::string_view domain, std::string_view parent) -> bool {
  if (!domain.ends_with(parent)) return false;
  const size_t rest = domain.size() - parent.size();
  return rest == 0 || domain[rest - 1] == '.';
}

}  // namespace remit
