// The builtins of IP addresses and networks.
#pragma once

#include "runtime/value/value.h"
#include "stdlib/body.h"

namespace remit {

auto ParseIp(String text) -> Fallible<IpNet>;
auto IsIpv4(const IpNet& net) -> bool;
auto IsIpv6(const IpNet& net) -> bool;
auto IsLoopback(const IpNet& net) -> bool;
auto IsMulticast(const IpNet& net) -> bool;
auto IsInRange(const IpNet& net, const IpNet& range) -> bool;

}  // namespace remit
