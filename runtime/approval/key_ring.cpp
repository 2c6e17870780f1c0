#include "runtime/approval/key_ring.h"

#include <fmt/format.h>

#include <algorithm>

namespace remit::approval {
void KeyRing::Add(PublicKey key) {
  const std::string id = key.id();
  keys_[id].key = std::move(key);
}

void KeyRing::Retire(std::string_view key_id, int64_t at_ms) {
  auto& retired = keys_[std::string(key_id)].retired_ms;
  retired = std::min(retired.value_or(at_ms), at_ms);
}

void KeyRing::Revoke(std::string_view key_id) { keys_[std::string(key_id)].is_revoked = true; }

auto KeyRing::Verify(std::string_view key_id, std::string_view text, std::string_view signature) const -> Expected<void> {
  const auto found = keys_.find(key_id);
  const bool is_revoked = found != keys_.end() && found->second.is_revoked;
  if (is_revoked) return Fail("grant-key-revoked", fmt::format("the key `{}` that signed the grant is revoked", key_id));
  if (found == keys_.end() || !found->second.key)
    return Fail("grant-key-unknown", fmt::format("the grant's key `{}` is not known here", key_id));
  if (!found->second.key->Verifies(text, signature)) return Fail("grant-forged", "the grant's signature is not its key's");
  return {};
}

auto KeyRing::CheckIssued(std::string_view key_id, int64_t issued_ms) const -> Expected<void> {
  const auto found = keys_.find(key_id);
  if (found == keys_.end() || !found->second.retired_ms || issued_ms <= *found->second.retired_ms) return {};
  return Fail("grant-key-retired", fmt::format("the key `{}` was retired before the grant was issued", key_id));
}

}  // namespace remit::approval
