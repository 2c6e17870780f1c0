#include "runtime/server/jwt.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "runtime/approval/base64url.h"
#include "runtime/approval/json_fields.h"
#include "runtime/server/openssl_ptr.h"

namespace remit::server {
namespace {

using approval::FromBase64Url;
using Json = nlohmann::json;

using BigNumber = OpenSslPtr<BIGNUM, BN_free>;
using Builder = OpenSslPtr<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using Params = OpenSslPtr<OSSL_PARAM, OSSL_PARAM_free>;
using KeyContext = OpenSslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = OpenSslPtr<EVP_MD_CTX, EVP_MD_CTX_free>;
using Signature = OpenSslPtr<ECDSA_SIG, ECDSA_SIG_free>;
using KeyPtr = std::shared_ptr<EVP_PKEY>;

constexpr size_t kMaxToken = 16 << 10;
constexpr size_t kCoordinate = 32;  // of P-256

auto Bytes(std::string_view text) -> const unsigned char* { return reinterpret_cast<const unsigned char*>(text.data()); }

// The text of a member; empty if there is none.
auto TextOf(const Json& object, const std::string& key) -> std::string {
  const auto it = object.find(key);
  return it != object.end() && it->is_string() ? it->get<std::string>() : std::string{};
}

auto BinaryOf(const Json& object, const std::string& key) -> std::string { return FromBase64Url(TextOf(object, key)).value_or(""); }

auto KeyFrom(const char* type, const Builder& builder) -> KeyPtr {
  const Params params(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
  EVP_PKEY* key = nullptr;
  if (params == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    return nullptr;
  }
  return {key, EVP_PKEY_free};
}

auto RsaKey(const Json& jwk) -> KeyPtr {
  const std::string modulus = BinaryOf(jwk, "n");
  const std::string exponent = BinaryOf(jwk, "e");
  constexpr size_t kLeast = 256;  // 2048 bits (RFC 7518, 3.3)
  if (modulus.size() < kLeast || exponent.empty()) return nullptr;
  const BigNumber n(BN_bin2bn(Bytes(modulus), static_cast<int>(modulus.size()), nullptr));
  const BigNumber e(BN_bin2bn(Bytes(exponent), static_cast<int>(exponent.size()), nullptr));
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  return KeyFrom("RSA", builder);
}

auto EcKey(const Json& jwk) -> KeyPtr {
  const std::string x = BinaryOf(jwk, "x");
  const std::string y = BinaryOf(jwk, "y");
  if (TextOf(jwk, "crv") != "P-256" || x.size() != kCoordinate || y.size() != kCoordinate) return nullptr;
  const std::string point = "\x04" + x + y;
  const Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "P-256", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size());
  return KeyFrom("EC", builder);
}

auto EdKey(const Json& jwk) -> KeyPtr {
  const std::string x = BinaryOf(jwk, "x");
  if (TextOf(jwk, "crv") != "Ed25519" || x.size() != kCoordinate) return nullptr;
  EVP_PKEY* key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(x), x.size());
  return key != nullptr ? KeyPtr(key, EVP_PKEY_free) : nullptr;
}

auto AlgorithmOf(std::string_view name) -> std::optional<JwtAlgorithm> {
  if (name == "RS256") return JwtAlgorithm::Rs256;
  if (name == "ES256") return JwtAlgorithm::Es256;
  if (name == "EdDSA") return JwtAlgorithm::EdDsa;
  return std::nullopt;
}

// Two numbers of 32 bytes each, as OpenSSL wants them.
auto ToDer(std::string_view signature) -> std::optional<std::string> {
  if (signature.size() != 2 * kCoordinate) return std::nullopt;
  BigNumber r(BN_bin2bn(Bytes(signature), kCoordinate, nullptr));
  BigNumber s(BN_bin2bn(Bytes(signature) + kCoordinate, kCoordinate, nullptr));
  const Signature both(ECDSA_SIG_new());
  if (ECDSA_SIG_set0(both.get(), r.get(), s.get()) != 1) return std::nullopt;
  [[maybe_unused]] const auto* taken_r = r.release();
  [[maybe_unused]] const auto* taken_s = s.release();
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(both.get(), &der);
  if (size <= 0) return std::nullopt;
  std::string out(reinterpret_cast<const char*>(der), static_cast<size_t>(size));
  OPENSSL_free(der);
  return out;
}

auto VerifiesBy(const KeyPtr& key, JwtAlgorithm algorithm, std::string_view text, std::string_view signature) -> bool {
  std::string der;
  if (algorithm == JwtAlgorithm::Es256) {
    auto converted = ToDer(signature);
    if (!converted) return false;
    der = std::move(*converted);
    signature = der;
  }
  const DigestContext context(EVP_MD_CTX_new());
  const EVP_MD* digest = algorithm == JwtAlgorithm::EdDsa ? nullptr : EVP_sha256();
  return EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), Bytes(signature), signature.size(), Bytes(text), text.size()) == 1;
}

auto SecondsOf(const Json& claims, const char* name) -> std::optional<int64_t> {
  const auto it = claims.find(name);
  if (it == claims.end() || !it->is_number()) return std::nullopt;
  const double seconds = it->get<double>();
  constexpr double kLatest = 253'402'300'799.0;  // the year 9999
  if (!(seconds >= 0) || seconds > kLatest) return std::nullopt;
  return static_cast<int64_t>(seconds * 1000);
}

auto HasAudience(const Json& claims, const std::string& wanted) -> bool {
  const auto it = claims.find("aud");
  if (it == claims.end()) return false;
  if (it->is_string()) return it->get<std::string>() == wanted;
  return it->is_array() &&
         std::ranges::any_of(*it, [&](const Json& each) { return each.is_string() && each.get<std::string>() == wanted; });
}

auto CheckClaims(const Json& claims, const JwtRules& rules, int64_t now_ms) -> Expected<JwtClaims> {
  const auto expires = SecondsOf(claims, "exp");
  if (!expires) return remit::Fail("jwt-claims", "the token does not say when it expires");
  if (now_ms >= *expires + rules.leeway_ms) return remit::Fail("jwt-expired", "the token has expired");
  if (claims.contains("nbf")) {
    const auto begins = SecondsOf(claims, "nbf");
    if (!begins || now_ms + rules.leeway_ms < *begins) return remit::Fail("jwt-not-yet-valid", "the token is not valid yet");
  }
  if (!rules.issuer.empty() && TextOf(claims, "iss") != rules.issuer) return remit::Fail("jwt-issuer", "the token is of another issuer");
  if (!rules.audience.empty() && !HasAudience(claims, rules.audience)) return remit::Fail("jwt-audience", "the token is for somebody else");
  JwtClaims found = {.principal = TextOf(claims, rules.principal_claim), .roles = {}, .expires_ms = *expires + rules.leeway_ms};
  if (found.principal.empty()) return remit::Fail("jwt-claims", "the token does not say who it is for");
  const auto roles = claims.find(rules.roles_claim);
  if (roles != claims.end() && roles->is_array()) {
    for (const Json& role : *roles) {
      if (role.is_string()) found.roles.push_back(role.get<std::string>());
    }
  }
  return found;
}

}  // namespace

auto JwtKeys::Parse(std::string_view text) -> Expected<JwtKeys> {
  const auto set = approval::JsonFields::Parse(text);
  if (!set || !set->is_object() || !set->contains("keys") || !(*set)["keys"].is_array()) {
    return remit::Fail("jwks-unreadable", "this is no JSON Web Key Set");
  }
  JwtKeys keys;
  for (const Json& jwk : (*set)["keys"]) {
    if (!jwk.is_object()) continue;
    if (const std::string use = TextOf(jwk, "use"); !use.empty() && use != "sig") continue;
    const std::string type = TextOf(jwk, "kty");
    const std::string algorithm = TextOf(jwk, "alg");
    Key key;
    if (type == "RSA") key = {.id = TextOf(jwk, "kid"), .algorithm = JwtAlgorithm::Rs256, .key = RsaKey(jwk)};
    if (type == "EC") key = {.id = TextOf(jwk, "kid"), .algorithm = JwtAlgorithm::Es256, .key = EcKey(jwk)};
    if (type == "OKP") key = {.id = TextOf(jwk, "kid"), .algorithm = JwtAlgorithm::EdDsa, .key = EdKey(jwk)};
    if (key.key == nullptr || (!algorithm.empty() && AlgorithmOf(algorithm) != key.algorithm)) continue;
    keys.keys_.push_back(std::move(key));
  }
  if (keys.keys_.empty()) return remit::Fail("jwks-empty", "the key set has no key that can be used here");
  return keys;
}

auto JwtKeys::Verifies(JwtAlgorithm algorithm, std::string_view id, std::string_view text, std::string_view signature) const -> bool {
  return std::ranges::any_of(keys_, [&](const Key& key) {
    return key.algorithm == algorithm && (id.empty() || key.id == id) && VerifiesBy(key.key, algorithm, text, signature);
  });
}

auto VerifyJwt(std::string_view token, const JwtKeys& keys, const JwtRules& rules, int64_t now_ms) -> Expected<JwtClaims> {
  const auto malformed = [] { return remit::Fail("jwt-malformed", "this is no token"); };
  const size_t first = token.find('.');
  const size_t last = token.rfind('.');
  if (token.size() > kMaxToken || first == std::string_view::npos || first == last) return malformed();
  const auto header_text = FromBase64Url(token.substr(0, first));
  const auto payload = FromBase64Url(token.substr(first + 1, last - first - 1));
  const auto signature = FromBase64Url(token.substr(last + 1));
  if (!header_text || !payload || !signature) return malformed();
  const auto header = approval::JsonFields::Parse(*header_text);
  if (!header || !header->is_object() || header->contains("crit")) return malformed();
  const auto algorithm = AlgorithmOf(TextOf(*header, "alg"));
  if (!algorithm) return remit::Fail("jwt-algorithm", "the token's algorithm is not accepted");
  if (!keys.Verifies(*algorithm, TextOf(*header, "kid"), token.substr(0, last), *signature)) {
    return remit::Fail("jwt-forged", "no key of ours signed the token");
  }
  const auto claims = approval::JsonFields::Parse(*payload);
  if (!claims || !claims->is_object()) return malformed();
  return CheckClaims(*claims, rules, now_ms);
}

}  // namespace remit::server
