// Which handler a path and a method find, and what is said if none.
#include <gtest/gtest.h>

#include "runtime/server/dispatch.h"

namespace remit::server {
namespace {

void Nothing(Worker& /*worker*/, const Request& /*request*/, Response& /*response*/) {}

auto Routes() -> Router {
  Router router;
  router.Add({.method = Method::Get, .pattern = "/v1/things", .handler = Nothing});
  router.Add({.method = Method::Post, .pattern = "/v1/things", .handler = Nothing});
  router.Add({.method = Method::Get, .pattern = "/v1/things/{id}", .handler = Nothing});
  router.Add({.method = Method::Post, .pattern = "/v1/things/{id}/parts/{part}", .handler = Nothing});
  return router;
}

TEST(Router, LiteralPathsAreFoundByMethod) {
  const Router router = Routes();
  EXPECT_EQ(router.Find(Method::Get, "/v1/things").route, &router.routes()[0]);
  EXPECT_EQ(router.Find(Method::Post, "/v1/things").route, &router.routes()[1]);
}

TEST(Router, CapturesAreTheSegments) {
  const Router router = Routes();
  const auto match = router.Find(Method::Post, "/v1/things/a%2Fb/parts/7");
  ASSERT_EQ(match.route, &router.routes()[3]);
  ASSERT_EQ(match.captured, 2U);
  EXPECT_EQ(match.captures[0], "a%2Fb");
  EXPECT_EQ(match.captures[1], "7");
}

TEST(Router, HeadFindsWhatGetDoes) { EXPECT_NE(Routes().Find(Method::Head, "/v1/things/1").route, nullptr); }

TEST(Router, AnotherMethodIsToldWhatIsAllowed) {
  const auto match = Routes().Find(Method::Delete, "/v1/things");
  EXPECT_EQ(match.route, nullptr);
  EXPECT_EQ(AllowedMethods(match.allowed), "GET, HEAD, POST");
}

TEST(Router, WhatIsNearIsNotFound) {
  const Router router = Routes();
  for (const char* path : {"", "v1/things", "/v1/things/", "/v1//things", "/v1/thing", "/v1/things/a/parts", "/v1/things/a/parts/",
                           "//v1/things", "/V1/things"}) {
    EXPECT_EQ(router.Find(Method::Get, path).allowed, 0U) << path;
  }
}

TEST(Text, PercentsAreDecodedOrRefused) {
  EXPECT_EQ(DecodePercent("a%20%C3%A4"), "a \xC3\xA4");
  for (const char* text : {"%", "%2", "%zz", "%00", "%ff"}) EXPECT_EQ(DecodePercent(text), std::nullopt) << text;
}

TEST(Text, QueryValuesAreFoundByTheirNames) {
  EXPECT_EQ(QueryValue("limit=5&after=a+b%26c", "after"), "a b&c");
  EXPECT_EQ(QueryValue("limit=5", "imit"), std::nullopt);
  EXPECT_EQ(QueryValue("flag&x=1", "flag"), "");
}

TEST(Response, ValuesBeginNoHeaderOfTheirOwn) {
  Response response;
  response.AddHeader("X-Request-ID", "a\r\nSet-Cookie: b");
  EXPECT_EQ(response.headers(), "X-Request-ID: aSet-Cookie: b\r\n");
}

class Dispatch : public testing::Test {
 protected:
  Dispatch() {
    service_.router().Add({.method = Method::Post,
                           .pattern = "/v1/settle",
                           .right = Right::Settle,
                           .handler = [](Worker&, const Request&, Response& response) { response.body = "{}"; },
                           .docs = {.operation = "settle", .request = "{}"}});
    caller_.rights.Add(Right::Settle);
  }

  auto Ask(Method method, std::string_view path, const Caller& caller, std::span<const Header> headers = {}) -> Response {
    Request request = {.method = method, .path = path, .headers = headers, .peer = &peer_, .caller = &caller, .request_id = "r1"};
    Response response;
    RouteMatch match;
    if (const Route* route = FindRoute(service_, request, match, response)) Handle(*route, worker_, request, response);
    return response;
  }

  Engine engine_;
  Service service_{{.engine = engine_}};
  Worker worker_{service_};
  Peer peer_;
  Caller caller_ = {.kind = CallerKind::StaticToken};
  Caller nobody_;
  Caller other_ = {.kind = CallerKind::StaticToken};
};

TEST_F(Dispatch, WhoHasTheRightIsServed) {
  const auto response = Ask(Method::Post, "/v1/settle", caller_);
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers(), "X-Request-ID: r1\r\n");
}

TEST_F(Dispatch, WhoHasNotIsRefused) {
  EXPECT_EQ(Ask(Method::Post, "/v1/settle", nobody_).status, 401);
  EXPECT_EQ(Ask(Method::Post, "/v1/settle", other_).status, 403);
}

TEST_F(Dispatch, WhatIsNotServedIsSaid) {
  EXPECT_EQ(Ask(Method::Post, "/v1/other", caller_).status, 404);
  const auto response = Ask(Method::Get, "/v1/settle", caller_);
  EXPECT_EQ(response.status, 405);
  EXPECT_NE(response.headers().find("Allow: POST\r\n"), std::string_view::npos);
}

TEST_F(Dispatch, OnlyJsonIsRead) {
  const std::array form = {Header{.name = "Content-Type", .value = "application/x-www-form-urlencoded"}};
  const std::array json = {Header{.name = "content-type", .value = "Application/JSON; charset=utf-8"}};
  EXPECT_EQ(Ask(Method::Post, "/v1/settle", caller_, form).status, 415);
  EXPECT_EQ(Ask(Method::Post, "/v1/settle", caller_, json).status, 200);
}

}  // namespace
}  // namespace remit::server
