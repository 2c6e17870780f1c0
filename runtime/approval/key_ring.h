// The public keys whose grants a node accepts.
//
// Rotation: add the new key everywhere, sign with it, retire the old one; what that one signed before stays valid until it expires. Revocation
// is for keys that others may have: nothing that one signed is valid any more, whenever it was signed.
//
// A plain value: const once shared between threads, replaced as a whole.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/approval/keys.h"

namespace remit::approval {

class KeyRing {
 public:
  // A key that is there keeps its state: adding does not bring a revoked key back.
  void Add(PublicKey key);
  // Grants issued after `at_ms` are refused. Of several times the earliest counts.
  void Retire(std::string_view key_id, int64_t at_ms);
  // Holds for a key that is added later, too.
  void Revoke(std::string_view key_id);

  // "grant-key-unknown", "grant-key-revoked", or "grant-forged".
  auto Verify(std::string_view key_id, std::string_view text, std::string_view signature) const -> Expected<void>;
  // "grant-key-retired".
  auto CheckIssued(std::string_view key_id, int64_t issued_ms) const -> Expected<void>;

 private:
  struct Entry {
    std::optional<PublicKey> key;  // none: revoked or retired before it was added
    std::optional<int64_t> retired_ms;
    bool is_revoked = false;
  };

  std::map<std::string, Entry, std::less<>> keys_;
};

}  // namespace remit::approval
