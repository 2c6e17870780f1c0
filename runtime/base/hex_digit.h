// The value of a hexadecimal digit in either case.
#pragma once

#include <cstdint>
#include <optional>

namespace remit {

inline auto HexDigit(char c) -> std::optional<uint32_t> {
  if (c >= '0' && c <= '9') return static_cast<uint32_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<uint32_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<uint32_t>(c - 'A' + 10);
  return std::nullopt;
}

}  // namespace remit
