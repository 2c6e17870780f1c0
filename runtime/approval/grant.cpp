#include "runtime/approval/grant.h"

#include <fmt/format.h>

#include <array>

#include "runtime/approval/base64url.h"

namespace remit::approval {
namespace {

constexpr std::string_view kVersion = "remit1";

auto CheckSize(size_t size, const ApprovalLimits& limits) -> Expected<void> {
  if (size <= limits.max_token_bytes) return {};
  return Fail("grant-too-large", fmt::format("a grant of {} bytes is more than the {} allowed", size, limits.max_token_bytes));
}

// Version, key, payload, signature.
using Parts = std::array<std::string_view, 4>;

auto Split(std::string_view token) -> std::optional<Parts> {
  Parts parts;
  for (size_t i = 0; i + 1 < parts.size(); ++i) {
    const size_t dot = token.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    parts[i] = token.substr(0, dot);
    token.remove_prefix(dot + 1);
  }
  parts.back() = token;
  return parts;
}

}  // namespace

auto SignGrant(const Grant& grant, const SigningKey& key, const ApprovalLimits& limits) -> Expected<std::string> {
  std::string token = fmt::format("{}.{}.{}", kVersion, key.id(), ToBase64Url(GrantPayload(grant)));
  token += '.' + ToBase64Url(key.Sign(token));
  if (const auto fits = CheckSize(token.size(), limits); !fits) return std::unexpected(fits.error());
  return token;
}

auto VerifyGrant(std::string_view token, const KeyRing& keys, const ApprovalLimits& limits) -> Expected<Grant> {
  if (const auto fits = CheckSize(token.size(), limits); !fits) return std::unexpected(fits.error());
  const auto parts = Split(token);
  if (!parts) return Fail("grant-malformed", "a grant has four parts with dots between them");
  const auto& [version, key_id, payload, signature] = *parts;
  if (version != kVersion) return Fail("grant-version-unknown", fmt::format("grants begin with `{}.`", kVersion));
  const auto signature_bytes = FromBase64Url(signature);
  const auto payload_bytes = FromBase64Url(payload);
  if (!signature_bytes || !payload_bytes) return Fail("grant-malformed", "payload and signature of a grant are base64url without padding");
  const auto signed_text = token.substr(0, token.size() - signature.size() - 1);
  if (const auto verified = keys.Verify(key_id, signed_text, *signature_bytes); !verified) return std::unexpected(verified.error());
  auto grant = ReadGrantPayload(*payload_bytes);
  if (!grant) return grant;
  if (const auto in_time = keys.CheckIssued(key_id, grant->issued_ms); !in_time) return std::unexpected(in_time.error());
  return grant;
}

}  // namespace remit::approval
