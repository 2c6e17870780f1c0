// Who callers are, what policies about them may say, and how often they may ask.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "compiler/schema/remit_namespace.h"
#include "runtime/approval/base64url.h"
#include "runtime/approval/keys.h"
#include "runtime/server/callers.h"
#include "runtime/server/trace.h"
#include "runtime/server/tracing/http_post.h"

namespace remit::server {
namespace {

namespace fs = std::filesystem;
using approval::ToBase64Url;

class Known : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("remit-callers-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
    std::ofstream(folder_ / "jwks.json") << R"({"keys":[{"kty":"OKP","crv":"Ed25519","kid":"k","x":")"
                                         << ToBase64Url(key_.public_key().ToRaw()) << R"("}]})";
    rules_.jwks_file = folder_ / "jwks.json";
  }
  void TearDown() override { fs::remove_all(folder_); }

  // Different tokens of one principal differ in what nobody looks at.
  auto Token(const std::string& principal, int nonce) -> std::string {
    const std::string claims = R"({"sub":")" + principal + R"(","roles":["agent"],"exp":4000000000,"jti":)" + std::to_string(nonce) + "}";
    const std::string input = ToBase64Url(R"({"alg":"EdDSA","kid":"k"})") + "." + ToBase64Url(claims);
    return "Bearer " + input + "." + ToBase64Url(key_.Sign(input));
  }
  static auto Find(Callers& callers, const std::string& authorization) -> Credential {
    const Header header = {.name = "Authorization", .value = authorization};
    Request request;
    request.headers = {&header, 1};
    return callers.Find(request, Peer{}, 1'700'000'000'000);
  }
  auto WritePolicies(const std::string& text) -> void {
    std::ofstream(folder_ / "p.remit") << text;
    rules_.control_policies = {folder_ / "p.remit"};
  }

  fs::path folder_;
  approval::SigningKey key_ = approval::SigningKey::Generate();
  CallerRules rules_;
};

TEST_F(Known, ARateHoldsForAPrincipalHoweverManyTokensAndConnectionsItHas) {
  rules_.jwt_rate = 2;
  const auto callers = *Callers::Load(rules_);
  const int64_t now = 1'000'000'000;
  int passed = 0;
  for (int i = 0; i < 10; ++i) passed += static_cast<int>(Find(*callers, Token("ana", i)).caller->limiter->Take(now));
  EXPECT_EQ(passed, 2);
  EXPECT_TRUE(Find(*callers, Token("bob", 0)).caller->limiter->Take(now)) << "another principal has a rate of its own";
  EXPECT_TRUE(Find(*callers, Token("ana", 11)).caller->limiter->Take(now + 1'000'000));
}

TEST_F(Known, WithoutARateThereIsNoLimiter) {
  const auto callers = *Callers::Load(rules_);
  EXPECT_EQ(Find(*callers, Token("ana", 0)).caller->limiter, nullptr);
}

TEST_F(Known, PoliciesAboutCallersAreTyped) {
  rules_.tokens.push_back({.sha256 = std::string(64, 'a'), .identity = {.type = "Acme::Bot", .id = "b"}});
  WritePolicies(
      R"(permit (principal == Acme::Bot::"b", action == Remit::Action::"publish", resource) when { principal.credential == "token" };)");
  EXPECT_TRUE(Callers::Load(rules_));
  for (const char* wrong : {R"(permit (principal == Acme::Bot::"b", action == Remit::Action::"pubilsh", resource);)",
                            R"(permit (principal is Acme::Boot, action, resource);)",
                            R"(permit (principal is Acme::Bot, action, resource) when { principal.name == "b" };)"}) {
    WritePolicies(wrong);
    const auto loaded = Callers::Load(rules_);
    ASSERT_FALSE(loaded) << wrong;
    EXPECT_EQ(loaded.error().code, "control-policies-invalid");
  }
}

TEST_F(Known, TheBuiltInSchemaHasEveryRight) {
  const std::string text(ServerNamespaceText());
  for (uint32_t i = 1; i < kRights; ++i) {
    EXPECT_NE(text.find(std::string(RightName(static_cast<Right>(i)))), std::string::npos) << RightName(static_cast<Right>(i));
  }
}

// ---- traces --------------------------------------------------------------------------------------------------------------------

TEST(TraceContext, IsReadAsTheStandardSays) {
  const std::string good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const TraceParent parent = TraceParent::Parse(good);
  EXPECT_EQ(parent.trace_id, "0af7651916cd43dd8448eb211c80319c");
  EXPECT_EQ(parent.span_id, "b7ad6b7169203331");
  EXPECT_TRUE(parent.is_sampled);
  EXPECT_FALSE(TraceParent::Parse(good.substr(0, 53) + "00").is_sampled);
  EXPECT_FALSE(TraceParent::Parse("cc" + good.substr(2) + "-what-comes-later").trace_id.empty()) << "a later version may say more";
}

TEST(TraceContext, WhatIsMalformedIsNone) {
  const std::string good = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  for (size_t at = 0; at < good.size(); ++at) {
    std::string bad = good;
    bad[at] = 'G';
    if (at < 2 || at == 53) continue;  // of the version, and of the flags, only some digits are looked at
    EXPECT_TRUE(TraceParent::Parse(bad).trace_id.empty()) << bad;
  }
  for (const std::string& bad : {std::string(), good.substr(0, 54), good + "-", "ff" + good.substr(2),
                                 "00-" + std::string(32, '0') + good.substr(35), good.substr(0, 36) + std::string(16, '0') + "-01"}) {
    EXPECT_TRUE(TraceParent::Parse(bad).trace_id.empty()) << bad;
  }
}

TEST(TraceEndpoint, IsPlainHttp) {
  const auto full = HttpEndpoint::Parse("http://[::1]:4318/x");
  ASSERT_TRUE(full);
  EXPECT_EQ(full->host + " " + full->port + " " + full->path, "::1 4318 /x");
  EXPECT_EQ(HttpEndpoint::Parse("http://collector")->path, "/v1/traces");
  for (const char* bad : {"", "https://c", "c:4318", "http://", "http://:1", "http://c:", "http://c:999999", "http://c:x", "http://u@c",
                          "http://c/ x", "http://c/\r\nX: y"}) {
    EXPECT_FALSE(HttpEndpoint::Parse(bad)) << bad;
  }
}

}  // namespace
}  // namespace remit::server
