// How the console's files are served.
#include <gtest/gtest.h>

#include <array>

#include "runtime/server/console/assets.h"
#include "runtime/server/console/console.h"
#include "runtime/server/dispatch.h"

namespace remit::console {
namespace {

class ConsoleRoutes : public ::testing::Test {
 protected:
  ConsoleRoutes() { AddConsoleRoutes(service_); }

  auto Get(std::string_view path) -> const server::Response& {
    server::Request request;
    request.path = path;
    request.peer = &peer_;
    request.caller = &caller_;
    response_.Reset();
    server::RouteMatch match;
    if (const auto* route = server::FindRoute(service_, request, match, response_)) server::Handle(*route, worker_, request, response_);
    return response_;
  }

  Engine engine_;
  server::Service service_{{.engine = engine_}};
  server::Worker worker_{service_};
  server::Peer peer_;
  server::Caller caller_;
  server::Response response_;
};

TEST_F(ConsoleRoutes, EachFileIsServedAsItIs) {
  ASSERT_FALSE(Assets().empty());
  for (const auto& asset : Assets()) {
    const auto& response = Get("/console/" + std::string(asset.name));
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, asset.text);
  }
  EXPECT_EQ(Get("/console").content_type, "text/html; charset=utf-8");
  EXPECT_EQ(Get("/console/main.js").content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(Get("/console/console.css").content_type, "text/css; charset=utf-8");
}

TEST_F(ConsoleRoutes, NothingRunsThatIsNotOurs) {
  for (const auto* path : {"/console", "/console/main.js"}) {
    const std::string headers(Get(path).headers());
    EXPECT_NE(headers.find("Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self';"), std::string::npos)
        << headers;
    EXPECT_EQ(headers.find("unsafe"), std::string::npos);
    EXPECT_NE(headers.find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_NE(headers.find("X-Content-Type-Options: nosniff"), std::string::npos);
    EXPECT_NE(headers.find("Referrer-Policy: no-referrer"), std::string::npos);
  }
}

TEST_F(ConsoleRoutes, NothingElseIsThere) {
  for (const auto* path : {"/console/", "/console/nothing.js", "/console/..%2fmain.js", "/console/assets/main.js"})
    EXPECT_EQ(Get(path).status, 404) << path;
}

// What a page of somebody else could make a browser do.
TEST(CrossOrigin, IsRefusedWhereTheConnectionIsTheCredential) {
  Engine engine;
  server::Service service{{.engine = engine}};
  service.router().Add({.method = server::Method::Post, .pattern = "/v1/x", .handler = [](auto&, const auto&, auto&) {}});
  const auto status = [&](server::CallerKind kind, std::string_view origin) {
    const std::array headers = {server::Header{.name = "Host", .value = "pdp:8080"}, server::Header{.name = "Origin", .value = origin}};
    server::Caller caller;
    caller.kind = kind;
    server::Request request;
    request.method = server::Method::Post;
    request.path = "/v1/x";
    request.headers = headers;
    request.caller = &caller;
    server::Response response;
    server::RouteMatch match;
    return server::FindRoute(service, request, match, response) != nullptr ? 200 : response.status;
  };
  for (const auto kind : {server::CallerKind::Loopback, server::CallerKind::Certificate, server::CallerKind::UnixPeer}) {
    EXPECT_EQ(status(kind, ""), 200);
    EXPECT_EQ(status(kind, "https://pdp:8080"), 200);
    for (const auto* origin : {"https://evil.example", "null", "https://pdp", "https://pdp:8080.evil.example"})
      EXPECT_EQ(status(kind, origin), 403) << origin;
  }
  EXPECT_EQ(status(server::CallerKind::StaticToken, "https://elsewhere.example"), 200);
}

// The policy would stop it, and nobody would see why.
TEST(ConsoleAssets, HaveNothingInline) {
  for (const auto& asset : Assets()) {
    if (!asset.name.ends_with(".html")) continue;
    for (const auto* inlined : {"<style", "style=", "onclick", "onload", "javascript:", "http://", "https://"}) {
      EXPECT_EQ(asset.text.find(inlined), std::string_view::npos) << inlined;
    }
  }
}

}  // namespace
}  // namespace remit::console
