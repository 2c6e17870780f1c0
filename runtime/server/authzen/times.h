// Times as RFC 3339 writes them, to the millisecond: AuthZEN's profiles have no other.
#pragma once

#include <cstdint>
#include <string>

namespace remit::authzen {

// `2026-04-30T20:25:00.000Z`, of milliseconds since the epoch. Beyond the years 0 to 9999 the nearest time that can be written.
auto FormatTime(int64_t millis) -> std::string;

}  // namespace remit::authzen
