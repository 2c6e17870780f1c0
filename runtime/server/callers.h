// Callers: bearer tokens, JSON Web Tokens, client certificates, users of the Unix socket, and who asks from this machine.
//
// A token is kept as its SHA-256 alone and looked for by it, so that neither configuration nor memory has what a caller sends; digests are compared in
// constant time. The digest of a random token of 128 bits or more needs no salt and no slow hash; short ones are refused with the configuration.
//
// Threads: any. A reload replaces everything at once.
#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "runtime/server/authenticator.h"
#include "runtime/server/control.h"
#include "runtime/server/jwt.h"

namespace remit::server {

// Who somebody is, whatever shows it.
struct Identity {
  std::string type = "Remit::Caller";
  std::string id = {};
  std::vector<std::string> roles = {};
  double rate = 0;  // requests a second; 0: no limit
};

struct TokenRule {
  std::string sha256 = {};  // of the token, 64 hexadecimal digits
  Identity identity = {};
};
struct UnixRule {
  uint32_t uid = 0;
  Identity identity = {};
};
struct CertificateRule {
  std::string subject = {};  // the subject (RFC 2253) or the first URI or DNS name
  Identity identity = {};
};

struct CallerRules {
  std::vector<TokenRule> tokens = {};
  std::vector<UnixRule> unix_users = {};
  std::vector<CertificateRule> certificates = {};
  std::string jwks_file = {};  // empty: no JSON Web Tokens
  JwtRules jwt = {};
  std::string jwt_type = "Remit::Caller";  // of their principals
  double jwt_rate = 0;  // requests a second of each principal; 0: no limit
  bool trusts_local = true;  // who asks from this machine without a credential is `Remit::Local`
  double local_rate = 0;
  double anonymous_rate = 50;
  std::vector<std::string> control_policies = {};
};

class Callers final : public Authenticator {
 public:
  // Codes: "token-digest", "cannot-read", those of JwtKeys and ControlPolicies.
  static auto Load(const CallerRules& rules) -> Expected<std::unique_ptr<Callers>>;
  // Everything anew, files too. An error changes nothing.
  auto Reload(const CallerRules& rules) -> Expected<void>;

  auto Find(const Request& request, const Peer& peer, int64_t now_ms) -> Credential override;
  auto epoch() const -> uint64_t override { return epoch_.load(std::memory_order_acquire); }

 private:
  struct Table;

  auto table() const -> std::shared_ptr<const Table>;

  mutable std::mutex mutex_;
  std::shared_ptr<const Table> table_;
  std::atomic<uint64_t> epoch_ = 1;
};

}  // namespace remit::server
