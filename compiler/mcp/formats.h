// Texts of JSON Schema's formats as Cedar writes them. None: the text is not of that format, or Cedar cannot say it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace remit::mcp {

// A date, or RFC 3339's date and time: `2026-01-05T10:00:00+01:00` is `2026-01-05T10:00:00+0100`. Fractions are cut to milliseconds; without a
// zone it is UTC.
auto CedarDatetime(std::string_view text) -> std::optional<std::string>;
// ISO 8601: `P1DT2H` is `1d2h`. A year counts as 365 days and a month as 30, as in the public generator.
auto CedarDuration(std::string_view text) -> std::optional<std::string>;
// An address, or a range with `/`. IPv4 in IPv6 is IPv4.
auto CedarIp(std::string_view text) -> std::optional<std::string>;
auto CedarDecimal(std::string_view text) -> std::optional<std::string>;
// With four digits behind the point; none beyond what a decimal holds.
auto CedarDecimal(double number) -> std::optional<std::string>;

}  // namespace remit::mcp
