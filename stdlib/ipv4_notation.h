// IPv4 addresses in the notations that inet_aton reads: one to four parts, decimal, hexadecimal, octal.
#pragma once

#include <string>
#include <string_view>

#include "stdlib/body.h"

namespace remit {

// True if the last label is a number: such a host is an address or nothing, never a domain. `host` is in lower case and has no dot at its end.
auto EndsInNumber(std::string_view host) -> bool;

// Four decimal parts. An octal part is an error unless it reads the same in decimal: half of the field's parsers take `010` for 10.
auto NormalizeIpv4(std::string_view host) -> Fallible<std::string>;

}  // namespace remit
