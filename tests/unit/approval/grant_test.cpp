// Grants as tokens: what a key signed reads back, and nothing else does.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "runtime/approval/base64url.h"
#include "runtime/approval/grant.h"

namespace remit::approval {
namespace {

auto ExampleGrant() -> Grant {
  return {.id = "g1",
          .escalation = "e1",
          .statement = "refund-over-100",
          .statement_digest = Sha256("escalate ..."),
          .request_digest = Sha256("{...}"),
          .scope = Scope::Exact,
          .approvers = {{.person = {"User", "lee"}, .acting_for = {}, .at_ms = 1000},
                        {.person = {"Agent", "inbox"}, .acting_for = {{"User", "kim"}}, .at_ms = 2000}},
          .uses = 1,
          .issued_ms = 2000,
          .expires_ms = 900'000};
}

auto RingOf(const SigningKey& key) -> KeyRing {
  KeyRing ring;
  ring.Add(key.public_key());
  return ring;
}

// The code of the error that a token gives; empty if it is accepted.
auto CodeOf(std::string_view token, const KeyRing& ring) -> std::string {
  const auto grant = VerifyGrant(token, ring);
  return grant ? "" : grant.error().code;
}

// A token with any payload, rightly signed.
auto TokenOf(std::string_view payload, const SigningKey& key, std::string_view version = "remit1") -> std::string {
  const auto text = fmt::format("{}.{}.{}", version, key.id(), ToBase64Url(payload));
  return text + "." + ToBase64Url(key.Sign(text));
}

TEST(GrantToken, ReadsBack) {
  const auto key = SigningKey::Generate();
  const auto token = SignGrant(ExampleGrant(), key);
  ASSERT_TRUE(token);
  const auto grant = VerifyGrant(*token, RingOf(key));
  ASSERT_TRUE(grant) << FormatError(grant.error());
  EXPECT_EQ(*grant, ExampleGrant());
}

TEST(GrantToken, ItsPayloadIsCanonical) {
  EXPECT_EQ(GrantPayload(ExampleGrant()),
            R"({"approvers":[{"at":1000,"person":{"id":"lee","type":"User"}},)"
            R"({"acting_for":[{"id":"kim","type":"User"}],"at":2000,"person":{"id":"inbox","type":"Agent"}}],"escalation":"e1",)"
            R"("expires":900000,"id":"g1","issued":2000,"request_digest":")" +
                ToHex(Sha256("{...}")) + R"(","scope":"exact","statement":"refund-over-100","statement_digest":")" +
                ToHex(Sha256("escalate ...")) + R"(","uses":1})");
}

TEST(GrantToken, EveryChangedCharacterIsNoticed) {
  const auto key = SigningKey::Generate();
  const auto ring = RingOf(key);
  const auto token = *SignGrant(ExampleGrant(), key);
  for (size_t i = 0; i < token.size(); ++i) {
    auto changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_NE(CodeOf(changed, ring), "") << i;
  }
}

TEST(GrantToken, TruncatedAnywhereIsRefused) {
  const auto key = SigningKey::Generate();
  const auto ring = RingOf(key);
  const auto token = *SignGrant(ExampleGrant(), key);
  for (size_t size = 0; size < token.size(); ++size) EXPECT_NE(CodeOf(token.substr(0, size), ring), "") << size;
  EXPECT_EQ(CodeOf(token + "A", ring), "grant-forged");
  EXPECT_EQ(CodeOf(token + ".", ring), "grant-malformed");
}

TEST(GrantToken, ASignatureOfAnotherKeyIsForged) {
  const auto key = SigningKey::Generate();
  const auto other = SigningKey::Generate();
  const auto text = fmt::format("remit1.{}.{}", key.id(), ToBase64Url(GrantPayload(ExampleGrant())));
  EXPECT_EQ(CodeOf(text + "." + ToBase64Url(other.Sign(text)), RingOf(key)), "grant-forged");
}

TEST(GrantToken, ASignatureOfAnotherPayloadIsForged) {
  const auto key = SigningKey::Generate();
  const auto token = *SignGrant(ExampleGrant(), key);
  auto more = ExampleGrant();
  more.uses = 100;
  const auto text = fmt::format("remit1.{}.{}", key.id(), ToBase64Url(GrantPayload(more)));
  EXPECT_EQ(CodeOf(text + token.substr(token.rfind('.')), RingOf(key)), "grant-forged");
}

TEST(GrantToken, AnUnknownKeyIsRefused) {
  const auto token = *SignGrant(ExampleGrant(), SigningKey::Generate());
  EXPECT_EQ(CodeOf(token, RingOf(SigningKey::Generate())), "grant-key-unknown");
  EXPECT_EQ(CodeOf(token, {}), "grant-key-unknown");
}

TEST(GrantToken, AnUnknownVersionIsRefusedEvenIfSigned) {
  const auto key = SigningKey::Generate();
  EXPECT_EQ(CodeOf(TokenOf(GrantPayload(ExampleGrant()), key, "remit2"), RingOf(key)), "grant-version-unknown");
}

TEST(GrantToken, NoTokenChoosesItsAlgorithm) {
  const auto key = SigningKey::Generate();
  const auto ring = RingOf(key);
  const auto payload = ToBase64Url(GrantPayload(ExampleGrant()));
  EXPECT_EQ(CodeOf(fmt::format("{}.{}.", ToBase64Url(R"({"alg":"none"})"), payload), ring), "grant-malformed");
  EXPECT_EQ(CodeOf(fmt::format("remit1.{}.{}.", key.id(), payload), ring), "grant-forged");
  // As long as one of ECDSA, and as long as a MAC.
  EXPECT_EQ(CodeOf(fmt::format("remit1.{}.{}.{}", key.id(), payload, ToBase64Url(std::string(71, 'x'))), ring), "grant-forged");
  EXPECT_EQ(CodeOf(fmt::format("remit1.{}.{}.{}", key.id(), payload, ToBase64Url(std::string(32, 'x'))), ring), "grant-forged");
}

TEST(GrantToken, AnOversizedOneIsNotRead) {
  const auto key = SigningKey::Generate();
  EXPECT_EQ(CodeOf(std::string(1 << 20, 'A'), RingOf(key)), "grant-too-large");
  auto grant = ExampleGrant();
  for (int i = 0; i < 1000; ++i) grant.approvers.push_back(grant.approvers.front());
  const auto token = SignGrant(grant, key);
  ASSERT_FALSE(token);
  EXPECT_EQ(token.error().code, "grant-too-large");
}

TEST(GrantPayloadTest, OnlyWhatWeWriteIsRead) {
  const auto key = SigningKey::Generate();
  const auto ring = RingOf(key);
  const auto good = GrantPayload(ExampleGrant());
  ASSERT_EQ(CodeOf(TokenOf(good, key), ring), "");
  const auto replaced = [&](std::string_view from, std::string_view to) {
    auto text = good;
    const size_t at = text.find(from);
    EXPECT_NE(at, std::string::npos);
    return text.replace(at, from.size(), to);
  };
  const std::vector<std::string> payloads = {"",
                                             "null",
                                             "[]",
                                             "{}",
                                             " " + good,
                                             good + "\n",
                                             replaced("{\"app", "{\"aaa\":1,\"app"),      // an unknown member
                                             replaced("\"uses\":1", "\"uses\":1,\"uses\":9"),  // one twice
                                             replaced("\"uses\":1", "\"uses\":-1"),
                                             replaced("\"uses\":1", "\"uses\":1.0"),
                                             replaced("\"uses\":1", "\"uses\":4294967297"),
                                             replaced("\"uses\":1", "\"uses\":18446744073709551615"),
                                             replaced("\"exact\"", "\"any\""),
                                             replaced("\"exact\"", "\"ex\\u0061ct\""),
                                             replaced("\"issued\":2000", "\"issued\":\"2000\""),
                                             replaced("\"id\":\"g1\"", "\"id\":null"),
                                             replaced("\"id\":\"g1\"", "\"id\":\"\xff\"")};
  for (const auto& payload : payloads) EXPECT_EQ(CodeOf(TokenOf(payload, key), ring), "grant-malformed") << payload;
}

TEST(GrantPayloadTest, NestingIsBounded) {
  for (const char* bracket : {"[", "{\"a\":", "[{\"a\":"}) {
    std::string payload;
    for (int i = 0; i < 100'000; ++i) payload += bracket;
    const auto grant = ReadGrantPayload(payload);
    ASSERT_FALSE(grant);
    EXPECT_EQ(grant.error().code, "grant-malformed");
  }
}

TEST(KeyRingTest, AfterRotationBothKeysVerify) {
  const auto old_key = SigningKey::Generate();
  const auto new_key = SigningKey::Generate();
  auto ring = RingOf(old_key);
  ring.Add(new_key.public_key());
  EXPECT_EQ(CodeOf(*SignGrant(ExampleGrant(), old_key), ring), "");
  EXPECT_EQ(CodeOf(*SignGrant(ExampleGrant(), new_key), ring), "");
}

TEST(KeyRingTest, ARetiredKeySignsNothingMore) {
  const auto key = SigningKey::Generate();
  auto ring = RingOf(key);
  ring.Retire(key.id(), ExampleGrant().issued_ms);
  EXPECT_EQ(CodeOf(*SignGrant(ExampleGrant(), key), ring), "");
  ring.Retire(key.id(), ExampleGrant().issued_ms - 1);
  EXPECT_EQ(CodeOf(*SignGrant(ExampleGrant(), key), ring), "grant-key-retired");
  ring.Retire(key.id(), ExampleGrant().issued_ms + 1);
  EXPECT_EQ(CodeOf(*SignGrant(ExampleGrant(), key), ring), "grant-key-retired");
}

TEST(KeyRingTest, ARevokedKeyIsRefusedAndStaysRevoked) {
  const auto key = SigningKey::Generate();
  auto ring = RingOf(key);
  const auto token = *SignGrant(ExampleGrant(), key);
  ring.Revoke(key.id());
  EXPECT_EQ(CodeOf(token, ring), "grant-key-revoked");
  ring.Add(key.public_key());
  EXPECT_EQ(CodeOf(token, ring), "grant-key-revoked");

  KeyRing revoked_first;
  revoked_first.Revoke(key.id());
  revoked_first.Add(key.public_key());
  EXPECT_EQ(CodeOf(token, revoked_first), "grant-key-revoked");
}

TEST(KeysTest, ReadBackFromPem) {
  const auto key = SigningKey::Generate();
  const auto same = SigningKey::FromPem(key.ToPem());
  ASSERT_TRUE(same) << FormatError(same.error());
  const auto pub = PublicKey::FromPem(key.public_key().ToPem());
  ASSERT_TRUE(pub) << FormatError(pub.error());
  EXPECT_EQ(same->id(), key.id());
  EXPECT_EQ(pub->id(), key.id());
  EXPECT_TRUE(pub->Verifies("text", same->Sign("text")));
  EXPECT_FALSE(pub->Verifies("texts", same->Sign("text")));
}

// RFC 8032, 7.1, test 2.
TEST(KeysTest, SignAsInRfc8032) {
  const auto key = SigningKey::FromPem(
      "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIEzNCJso/5banbbDRuwRTg9bijGfNaumJNqM9u1PuKb7\n-----END PRIVATE KEY-----\n");
  ASSERT_TRUE(key) << FormatError(key.error());
  EXPECT_EQ(ToBase64Url(key->Sign("\x72")), "kqAJqfDUyrhyDoILX2QlQKKye1QWUD-Ps3YiI-vbadoIWsHkPhWZbkWPNhPQ8R2MOHsurrQwKu6wDSkWErsMAA");
}

TEST(KeysTest, OtherKeysAreRefused) {
  const auto code_of = [](const auto& key) { return key ? std::string{} : key.error().code; };
  EXPECT_EQ(code_of(PublicKey::FromPem("")), "key-unreadable");
  EXPECT_EQ(code_of(PublicKey::FromPem("hello")), "key-unreadable");
  EXPECT_EQ(code_of(SigningKey::FromPem(SigningKey::Generate().public_key().ToPem())), "key-unreadable");
  EXPECT_EQ(code_of(PublicKey::FromPem(std::string(1 << 20, '-'))), "key-unreadable");
  // P-256.
  EXPECT_EQ(code_of(PublicKey::FromPem("-----BEGIN PUBLIC KEY-----\n"
                                       "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n"
                                       "6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n"
                                       "-----END PUBLIC KEY-----\n")),
            "key-of-another-kind");
}

}  // namespace
}  // namespace remit::approval
