#include "runtime/audit/hex.h"

#include <algorithm>

#include "runtime/approval/base64url.h"

namespace remit::audit {
namespace {

constexpr std::string_view kDigits = "0123456789abcdef";

}  // namespace

auto HexOf(std::string_view bytes) -> std::string {
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

auto BytesOfHex(std::string_view hex) -> std::optional<std::string> {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (size_t i = 0; i < hex.size(); i += 2) {
    const size_t high = kDigits.find(hex[i]);
    const size_t low = kDigits.find(hex[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    bytes += static_cast<char>((high << 4) | low);
  }
  return bytes;
}

auto ToBase64(std::string_view bytes) -> std::string {
  std::string text = approval::ToBase64Url(bytes);
  std::ranges::replace(text, '-', '+');
  std::ranges::replace(text, '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

auto FromBase64(std::string_view text) -> std::optional<std::string> {
  if (text.find_first_of("-_") != std::string_view::npos) return std::nullopt;
  std::string other(text.substr(0, text.find('=')));
  std::ranges::replace(other, '+', '-');
  std::ranges::replace(other, '/', '_');
  auto bytes = approval::FromBase64Url(other);
  if (!bytes || ToBase64(*bytes) != text) return std::nullopt;
  return bytes;
}

}  // namespace remit::audit
