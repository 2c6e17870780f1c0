// SHA-256 and random ids, from OpenSSL.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace remit::approval {

struct Digest {
  std::array<uint8_t, 32> bytes = {};

  friend auto operator<=>(const Digest&, const Digest&) = default;
};

auto Sha256(std::string_view text) -> Digest;

// 64 lower-case hexadecimal digits.
auto ToHex(const Digest& digest) -> std::string;
// None unless it is what ToHex writes.
auto DigestFromHex(std::string_view hex) -> std::optional<Digest>;

// In a time that tells nothing of where they differ.
auto SameInConstantTime(const Digest& a, const Digest& b) -> bool;

// 128 random bits, 22 characters of base64url. Nobody guesses one.
auto RandomId() -> std::string;

}  // namespace remit::approval
