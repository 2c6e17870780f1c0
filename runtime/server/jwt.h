// JSON Web Tokens (RFC 7519) against a JSON Web Key Set (RFC 7517): RS256, ES256 and EdDSA.
//
// A key says which algorithm it is for, and a token is verified by nothing else: what a token claims of its algorithm is compared, never obeyed, so that
// `none` and HS256 under a public key are nothing but wrong (RFC 8725).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"

struct evp_pkey_st;  // OpenSSL's, whose headers stay behind jwt.cpp

namespace remit::server {

enum class JwtAlgorithm : uint8_t { Rs256, Es256, EdDsa };

class JwtKeys {
 public:
  // Keys of other kinds and for other uses are left out; a set without a key that can be used is an error. Codes: "jwks-unreadable", "jwks-empty".
  static auto Parse(std::string_view json) -> Expected<JwtKeys>;

  // Whether one of the keys signed `text`. `id` may be empty: then any key of the algorithm.
  auto Verifies(JwtAlgorithm algorithm, std::string_view id, std::string_view text, std::string_view signature) const -> bool;
  auto size() const -> size_t { return keys_.size(); }

 private:
  struct Key {
    std::string id;
    JwtAlgorithm algorithm;
    std::shared_ptr<evp_pkey_st> key;
  };
  std::vector<Key> keys_;
};

struct JwtRules {
  std::string issuer = {};  // `iss` must be this
  std::string audience = {};  // `aud` must be this or have it
  std::string principal_claim = "sub";
  std::string roles_claim = "roles";  // an array of strings
  int64_t leeway_ms = 30'000;  // of clocks
};

struct JwtClaims {
  std::string principal;
  std::vector<std::string> roles;
  int64_t expires_ms = 0;
};

// Codes: "jwt-malformed", "jwt-algorithm", "jwt-forged", "jwt-expired", "jwt-not-yet-valid", "jwt-issuer", "jwt-audience", "jwt-claims".
auto VerifyJwt(std::string_view token, const JwtKeys& keys, const JwtRules& rules, int64_t now_ms) -> Expected<JwtClaims>;

}  // namespace remit::server
