#include "runtime/approval/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "runtime/approval/base64url.h"
#include "runtime/base/check.h"

namespace remit::approval {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

}  // namespace

auto Sha256(std::string_view text) -> Digest {
  Digest digest;
  unsigned size = 0;
  const int ok = EVP_Digest(text.data(), text.size(), digest.bytes.data(), &size, EVP_sha256(), nullptr);
  CHECK(ok == 1 && size == digest.bytes.size(), "SHA-256 is not available");
  return digest;
}

auto ToHex(const Digest& digest) -> std::string {
  std::string hex;
  hex.reserve(2 * digest.bytes.size());
  for (const uint8_t byte : digest.bytes) {
    hex += kHexDigits[byte >> 4];
    hex += kHexDigits[byte & 15];
  }
  return hex;
}

auto DigestFromHex(std::string_view hex) -> std::optional<Digest> {
  Digest digest;
  if (hex.size() != 2 * digest.bytes.size()) return std::nullopt;
  for (size_t i = 0; i < digest.bytes.size(); ++i) {
    const size_t high = kHexDigits.find(hex[2 * i]);
    const size_t low = kHexDigits.find(hex[2 * i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return std::nullopt;
    digest.bytes[i] = static_cast<uint8_t>((high << 4) | low);
  }
  return digest;
}

auto SameInConstantTime(const Digest& a, const Digest& b) -> bool {
  return CRYPTO_memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) == 0;
}

auto RandomId() -> std::string {
  std::array<unsigned char, 16> bytes = {};
  CHECK(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1, "the system gives no random numbers");
  return ToBase64Url({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
}

}  // namespace remit::approval
