// From text to URL in the order of its parts. Each part is checked by what it may be, not by what is known to be harmful.
#include "stdlib/url.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "runtime/base/text.h"
#include "stdlib/digits.h"
#include "stdlib/host.h"
#include "stdlib/url_path.h"

namespace remit {
namespace {

constexpr size_t kLongestUrl = size_t{64} << 10;

struct Scheme {
  std::string_view name;
  uint16_t port;
};
constexpr std::array<Scheme, 5> kWebSchemes = {{{"http", 80}, {"https", 443}, {"ftp", 21}, {"ws", 80}, {"wss", 443}}};

// Schemes whose `//` is no authority, or means another thing to each reader.
constexpr std::array<std::string_view, 10> kSchemesWithoutHost = {"file", "javascript", "data",        "vbscript", "mailto",
                                                                  "blob", "about",      "view-source", "urn",      "filesystem"};

auto FindWebScheme(std::string_view name) -> const Scheme* {
  const auto* found = std::ranges::find(kWebSchemes, name, &Scheme::name);
  return found == kWebSchemes.end() ? nullptr : found;
}

auto IsLetter(char c) -> bool { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
auto Lower(char c) -> char { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

// A character that readers strip, take for a slash, or stop at.
auto IsTreacherous(char c) -> bool { return static_cast<unsigned char>(c) <= 0x20 || c == 0x7F || c == '\\'; }

struct UrlParts {
  std::string scheme;  // in lower case
  std::string_view authority, path, query, fragment;  // the last two with their mark
};

auto Split(std::string_view text) -> Fallible<UrlParts> {
  const size_t colon = text.find(':');
  const auto is_scheme_byte = [](char c) { return IsLetter(c) || IsDigit(c) || c == '+' || c == '-' || c == '.'; };
  const auto scheme = text.substr(0, colon);
  if (colon == std::string_view::npos || scheme.empty() || !IsLetter(scheme[0]) || !std::ranges::all_of(scheme, is_scheme_byte)) {
    return Fail("this does not begin with a scheme such as `https:`");
  }
  UrlParts parts;
  std::ranges::transform(scheme, std::back_inserter(parts.scheme), Lower);
  auto rest = text.substr(colon + 1);
  if (!rest.starts_with("//") || std::ranges::find(kSchemesWithoutHost, parts.scheme) != kSchemesWithoutHost.end()) {
    return Fail(fmt::format("a URL of the form `{}:..` has no host", parts.scheme));
  }
  rest.remove_prefix(2);
  const auto take_until = [&](std::string_view marks) {
    const auto part = rest.substr(0, rest.find_first_of(marks));
    rest.remove_prefix(part.size());
    return part;
  };
  parts.authority = take_until("/?#");
  parts.path = take_until("?#");
  parts.query = take_until("#");
  parts.fragment = rest;
  return parts;
}

struct Authority {
  std::string_view host;
  std::optional<std::string_view> port;
};

auto SplitAuthority(std::string_view text) -> Fallible<Authority> {
  if (text.find('@') != std::string_view::npos) return Fail("user information before the host is not accepted");
  const size_t bracket = text.starts_with('[') ? text.find(']') : 0;
  if (bracket == std::string_view::npos) return Fail("the host is not closed by `]`");
  const size_t colon = text.find(':', bracket);
  if (colon == std::string_view::npos) return Authority{.host = text, .port = std::nullopt};
  return Authority{.host = text.substr(0, colon), .port = text.substr(colon + 1)};
}

auto ParsePort(std::string_view text) -> Fallible<uint16_t> {
  uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size() || text.starts_with('0'))
    return Fail(fmt::format("`{}` is not a port", text));
  return port;
}

auto Append(std::string& out, std::string_view part) -> TextRange {
  const TextRange range = {.begin = static_cast<uint32_t>(out.size()), .size = static_cast<uint32_t>(part.size())};
  out += part;
  return range;
}

// The canonical text and where its parts are. A port is written unless it is the scheme's own.
auto Compose(const UrlParts& parts, const Host& host, uint16_t given_port) -> Parsed<Url> {
  Parsed<Url> url;
  std::string& out = url.storage;
  const Scheme* web = FindWebScheme(parts.scheme);
  url.parts.scheme = Append(out, parts.scheme);
  out += host.kind == HostKind::Ipv6 ? "://[" : "://";
  url.parts.host = Append(out, host.text);
  url.parts.host_kind = host.kind;
  if (host.kind == HostKind::Ipv6) out += ']';
  url.parts.port = given_port == 0 && web != nullptr ? web->port : given_port;
  if (given_port != 0 && (web == nullptr || web->port != given_port)) out += fmt::format(":{}", given_port);
  const auto path = NormalizeUrlPath(parts.path.empty() && web != nullptr ? "/" : parts.path);
  url.parts.path = Append(out, path.text);
  url.parts.path_doubt = path.doubt;
  out += EscapeUrlText(parts.query) + EscapeUrlText(parts.fragment);
  return url;
}

}  // namespace

auto ParseUrl(String text) -> Fallible<Parsed<Url>> {
  const auto whole = text.view();
  if (whole.size() > kLongestUrl) return Fail(fmt::format("a URL of more than {} bytes is not accepted", kLongestUrl));
  if (FindInvalidUtf8(whole)) return Fail("a URL is valid UTF-8");
  if (std::ranges::any_of(whole, IsTreacherous)) return Fail("a URL has no spaces, control characters or backslashes");
  const auto parts = Split(whole);
  if (!parts) return Fail(parts.error());
  const auto authority = SplitAuthority(parts->authority);
  if (!authority) return Fail(authority.error());
  const auto host = ParseHost(authority->host, FindWebScheme(parts->scheme) != nullptr ? HostSyntax::Web : HostSyntax::Opaque);
  if (!host) return Fail(host.error());
  uint16_t given_port = 0;
  if (authority->port) {
    const auto port = ParsePort(*authority->port);
    if (!port) return Fail(port.error());
    given_port = *port;
  }
  return Compose(*parts, *host, given_port);
}

auto UrlScheme(const Url& url) -> String { return String(url.scheme.of(url.storage)); }
auto UrlHost(const Url& url) -> String { return String(url.host.of(url.storage)); }

auto UrlPort(const Url& url) -> Fallible<int64_t> {
  if (url.port == 0) return Fail(fmt::format("no port is given, and `{}` has no default", url.scheme.of(url.storage)));
  return url.port;
}

auto UrlPath(const Url& url) -> Fallible<String> {
  switch (url.path_doubt) {
    case PathDoubt::None: return String(url.path.of(url.storage));
    case PathDoubt::EncodedSeparator: return Fail("the path has an escaped slash, backslash or control character");
    case PathDoubt::UnclearDots: return Fail("the path has `.` or `..` that not every reader follows");
    case PathDoubt::AboveRoot: return Fail("the path leads above its root");
    case PathDoubt::BadEscape: return Fail("the path has a `%` without two hexadecimal digits");
  }
  return Fail("the path is unclear");
}

auto IsHostUnder(const Url& url, String domain) -> Fallible<bool> {
  const auto parent = ParseDomain(domain.view());
  if (!parent) return Fail(parent.error());
  return url.host_kind == HostKind::Domain && IsSameOrSubdomain(url.host.of(url.storage), *parent);
}

}  // namespace remit
