// The argument texts of extension constructors: what stands between the quotes of `ip("10.0.0.1")`.
//
// Shared by source text and JSON. Reading a text with its constructor gives the value back.
#pragma once

#include <optional>
#include <string>

#include "runtime/value/value.h"

namespace remit {

// Without the prefix if it is a single address.
auto FormatIp(const IpNet& net) -> std::string;
// As few decimal places as possible, at least one.
auto FormatDecimal(Decimal value) -> std::string;
// None outside the years 0000 to 9999, which no literal can spell.
auto FormatDatetime(Datetime time) -> std::optional<std::string>;
auto FormatDuration(Duration duration) -> std::string;

}  // namespace remit
