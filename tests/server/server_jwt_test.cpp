// Which tokens show who somebody is, and which only say so.
#include <gtest/gtest.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <memory>

#include "runtime/approval/base64url.h"
#include "runtime/approval/keys.h"
#include "runtime/server/jwt.h"

namespace remit::server {
namespace {

using approval::ToBase64Url;
using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;

constexpr int64_t kNow = 1'700'000'000'000;
constexpr std::string_view kClaims = R"({"iss":"idp","aud":["remit","x"],"sub":"ana","roles":["agent"],"exp":1700000060,"nbf":1699999940})";

auto NumberOf(const Key& key, const char* name) -> std::string {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(key.get(), name, &number);
  std::string bytes(static_cast<size_t>(BN_num_bytes(number)), '\0');
  BN_bn2bin(number, reinterpret_cast<unsigned char*>(bytes.data()));
  BN_free(number);
  return bytes;
}

auto Padded(std::string bytes) -> std::string { return std::string(32 - std::min<size_t>(bytes.size(), 32), '\0') + bytes; }

auto SignSha256(const Key& key, const std::string& text) -> std::string {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  size_t size = 0;
  EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key.get());
  EVP_DigestSign(context.get(), nullptr, &size, reinterpret_cast<const unsigned char*>(text.data()), text.size());
  std::string signature(size, '\0');
  EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &size,
                 reinterpret_cast<const unsigned char*>(text.data()), text.size());
  signature.resize(size);
  return signature;
}

// DER to the two numbers that a token has.
auto ToRaw(const std::string& der) -> std::string {
  const auto* at = reinterpret_cast<const unsigned char*>(der.data());
  ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
  std::string raw(64, '\0');
  BN_bn2binpad(ECDSA_SIG_get0_r(signature), reinterpret_cast<unsigned char*>(raw.data()), 32);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature), reinterpret_cast<unsigned char*>(raw.data()) + 32, 32);
  ECDSA_SIG_free(signature);
  return raw;
}

auto Input(std::string_view header, std::string_view claims) -> std::string { return ToBase64Url(header) + "." + ToBase64Url(claims); }

class Jwt : public testing::Test {
 protected:
  Jwt() {
    const std::string set = R"({"keys":[{"kty":"OKP","crv":"Ed25519","kid":"ed","x":")" + ToBase64Url(ed_.public_key().ToRaw()) +
                            R"("},{"kty":"RSA","kid":"rsa","alg":"RS256","use":"sig","n":")" +
                            ToBase64Url(NumberOf(rsa_, OSSL_PKEY_PARAM_RSA_N)) + R"(","e":")" +
                            ToBase64Url(NumberOf(rsa_, OSSL_PKEY_PARAM_RSA_E)) + R"("},{"kty":"EC","crv":"P-256","kid":"ec","x":")" +
                            ToBase64Url(Padded(NumberOf(ec_, OSSL_PKEY_PARAM_EC_PUB_X))) + R"(","y":")" +
                            ToBase64Url(Padded(NumberOf(ec_, OSSL_PKEY_PARAM_EC_PUB_Y))) + R"("}]})";
    auto keys = JwtKeys::Parse(set);
    EXPECT_TRUE(keys) << keys.error().message;
    keys_ = std::move(*keys);
  }

  auto Ed(std::string_view claims, std::string_view header = R"({"alg":"EdDSA","kid":"ed"})") -> std::string {
    const std::string input = Input(header, claims);
    return input + "." + ToBase64Url(ed_.Sign(input));
  }
  auto CodeOf(const std::string& token) -> std::string {
    const auto claims = VerifyJwt(token, keys_, rules_, kNow);
    return claims ? "" : claims.error().code;
  }

  approval::SigningKey ed_ = approval::SigningKey::Generate();
  Key rsa_{EVP_RSA_gen(2048), EVP_PKEY_free};
  Key ec_{EVP_EC_gen("P-256"), EVP_PKEY_free};
  JwtKeys keys_;
  JwtRules rules_ = {.issuer = "idp", .audience = "remit"};
};

TEST_F(Jwt, EachAlgorithmIsAccepted) {
  EXPECT_EQ(keys_.size(), 3U);
  const auto claims = VerifyJwt(Ed(kClaims), keys_, rules_, kNow);
  ASSERT_TRUE(claims) << claims.error().code;
  EXPECT_EQ(claims->principal, "ana");
  EXPECT_EQ(claims->roles, std::vector<std::string>{"agent"});
  const std::string rs = Input(R"({"alg":"RS256"})", kClaims);
  EXPECT_EQ(CodeOf(rs + "." + ToBase64Url(SignSha256(rsa_, rs))), "");
  const std::string es = Input(R"({"alg":"ES256","kid":"ec"})", kClaims);
  EXPECT_EQ(CodeOf(es + "." + ToBase64Url(ToRaw(SignSha256(ec_, es)))), "");
}

TEST_F(Jwt, NoAlgorithmAndOthersAreRefused) {
  EXPECT_EQ(CodeOf(Input(R"({"alg":"none"})", kClaims) + "."), "jwt-algorithm");
  EXPECT_EQ(CodeOf(Ed(kClaims, R"({"alg":"HS256"})")), "jwt-algorithm");
  EXPECT_EQ(CodeOf(Ed(kClaims, R"({"alg":"RS256"})")), "jwt-forged");
  EXPECT_EQ(CodeOf(Ed(kClaims, R"({"alg":"EdDSA","kid":"other"})")), "jwt-forged");
  EXPECT_EQ(CodeOf(Ed(kClaims, R"({"alg":"EdDSA","crit":["x"]})")), "jwt-malformed");
}

TEST_F(Jwt, OneChangedByteIsForged) {
  const std::string token = Ed(kClaims);
  for (const size_t at : {token.find('.') + 5, token.rfind('.') + 5}) {
    std::string other = token;
    other[at] = other[at] == 'A' ? 'B' : 'A';
    EXPECT_NE(CodeOf(other), "");
  }
}

TEST_F(Jwt, TimesIssuerAndAudienceCount) {
  EXPECT_EQ(CodeOf(Ed(R"({"iss":"idp","aud":"remit","sub":"a","exp":1699999000})")), "jwt-expired");
  EXPECT_EQ(CodeOf(Ed(R"({"iss":"idp","aud":"remit","sub":"a","exp":1700000060,"nbf":1700000050})")), "jwt-not-yet-valid");
  EXPECT_EQ(CodeOf(Ed(R"({"iss":"idp","aud":"remit","sub":"a"})")), "jwt-claims");
  EXPECT_EQ(CodeOf(Ed(R"({"iss":"other","aud":"remit","sub":"a","exp":1700000060})")), "jwt-issuer");
  EXPECT_EQ(CodeOf(Ed(R"({"iss":"idp","aud":["x"],"sub":"a","exp":1700000060})")), "jwt-audience");
  EXPECT_EQ(CodeOf(Ed(R"({"iss":"idp","aud":"remit","exp":1700000060})")), "jwt-claims");
  EXPECT_EQ(CodeOf(Ed(R"({"iss":"idp","aud":"remit","sub":"a","exp":"soon"})")), "jwt-claims");
}

TEST_F(Jwt, WhatIsNoTokenIsNone) {
  for (const char* text : {"", ".", "..", "a.b.c", "a.b", "ey.ey.ey"}) EXPECT_NE(CodeOf(text), "") << text;
  EXPECT_EQ(CodeOf(std::string(100'000, 'a')), "jwt-malformed");
}

TEST(JwtKeySet, NeedsAKeyThatCanBeUsed) {
  for (const char* text :
       {"", "{}", R"({"keys":[]})", R"({"keys":[{"kty":"oct","k":"AAAA"}]})", R"({"keys":[{"kty":"RSA","n":"AQ","e":"AQAB"}]})"}) {
    EXPECT_FALSE(JwtKeys::Parse(text)) << text;
  }
}

}  // namespace
}  // namespace remit::server
