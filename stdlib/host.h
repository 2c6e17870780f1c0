// Hosts of URLs and domains of addresses: what a name or a number means to whoever connects to it.
//
// As the URL standard (https://url.spec.whatwg.org) reads them, but where readers in the field disagree there is an error and no reading: a policy
// that allowed one reading would permit another. Errors name what is wrong, not where to use it instead.
#pragma once

#include <string>
#include <string_view>

#include "runtime/value/text_values.h"
#include "stdlib/body.h"

namespace remit {

struct Host {
  HostKind kind = HostKind::Domain;
  std::string text;  // a domain in lower-case ASCII without a dot at the end, a dotted IPv4 address, or an IPv6 address without brackets
};

enum class HostSyntax : uint8_t {
  Web,  // of http and its kin: IDNA, and IPv4 as inet_aton reads it
  Opaque,  // of other schemes, whose clients each have a way of their own: ASCII, and IPv4 in four decimal parts alone
};

auto ParseHost(std::string_view text, HostSyntax syntax) -> Fallible<Host>;

// A domain name and no address.
auto ParseDomain(std::string_view text) -> Fallible<std::string>;

// True if both are the same or `domain` ends in `.parent`. Both come from ParseHost or ParseDomain.
auto IsSameOrSubdomain(std::string_view domain, std::string_view parent) -> bool;

}  // namespace remit
