// HTTP on real sockets, as friends and strangers speak it.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "runtime/server/dispatch.h"
#include "runtime/server/transport/http_server.h"
#include "tests/server/http_client.h"

namespace remit::server {
namespace {

using namespace std::chrono_literals;

// Everybody may do everything but settle.
class Everybody final : public Authenticator {
 public:
  Everybody() {
    caller_->kind = CallerKind::Loopback;
    caller_->rights.Add(Right::Decide);
    limited_->limiter = std::make_shared<RateLimiter>(5);
    limited_->rights.Add(Right::Decide);
  }
  auto Find(const Request& request, const Peer& /*peer*/, int64_t /*now_ms*/) -> Credential override {
    if (request.header("authorization") == "Bearer limited") return {.caller = limited_};
    return {.caller = caller_};
  }
  auto epoch() const -> uint64_t override { return 0; }

 private:
  std::shared_ptr<Caller> caller_ = std::make_shared<Caller>();
  std::shared_ptr<Caller> limited_ = std::make_shared<Caller>();
};

class Http : public testing::Test {
 protected:
  void Start(const TransportLimits& limits = {}) {
    auto& router = service_.router();
    AddHealthRoutes(service_);
    const auto echo = [](Worker&, const Request& request, Response& response) {
      response.content_type = "text/plain";
      response.body = request.body;
    };
    router.Add({.method = Method::Post, .pattern = "/echo", .right = Right::Decide, .handler = echo});
    router.Add({.method = Method::Post,
                .pattern = "/slow",
                .right = Right::Decide,
                .place = Place::Background,
                .handler = [echo](Worker& worker, const Request& request, Response& response) {
                  std::this_thread::sleep_for(20ms);
                  echo(worker, request, response);
                }});
    router.Add({.method = Method::Post, .pattern = "/secret", .right = Right::Settle, .handler = echo});
    router.Add(
        {.method = Method::Get, .pattern = "/events", .right = Right::Decide, .handler = [](Worker&, const Request&, Response& response) {
           response.content_type = "text/event-stream";
           response.stream = Stream::Events;
           response.topics = "wanted";
         }});
    TransportOptions options = {.listen = {.tcp = {"127.0.0.1:0"}}, .limits = limits, .loops = 2, .background = 2};
    auto opened = HttpServer::Open(service_, everybody_, events_, options);
    ASSERT_TRUE(opened) << opened.error().message;
    server_ = std::move(*opened);
    address_ = server_->addresses()[0];
    server_->Start();
  }

  static auto Post(std::string_view path, std::string_view body, std::string_view headers = {}) -> std::string {
    return "POST " + std::string(path) + " HTTP/1.1\r\nHost: h\r\n" + std::string(headers) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
  }
  auto StatusOf(std::string_view bytes) -> int { return RawClient(address_).Ask(bytes).status; }
  auto IsServing() -> bool { return StatusOf("GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n") == 200; }

  Engine engine_;
  Service service_{{.engine = engine_}};
  Everybody everybody_;
  EventHub events_;
  std::unique_ptr<HttpServer> server_;
  std::string address_;
};

TEST_F(Http, AConnectionServesManyRequests) {
  Start();
  RawClient client(address_);
  for (int i = 0; i < 100; ++i) {
    const auto answer = client.Ask(Post("/echo", std::to_string(i)));
    ASSERT_EQ(answer.status, 200);
    ASSERT_EQ(answer.body, std::to_string(i));
  }
}

TEST_F(Http, PipelinedRequestsAreAnsweredInTheirOrder) {
  Start();
  std::string all;
  for (int i = 0; i < 500; ++i) all += Post(i % 50 == 7 ? "/slow" : "/echo", std::to_string(i));
  RawClient client(address_);
  std::thread sender([&] { client.Send(all); });
  for (int i = 0; i < 500; ++i) ASSERT_EQ(client.Receive().body, std::to_string(i));
  sender.join();
}

TEST_F(Http, BytesOneByOneAreOneRequest) {
  Start();
  RawClient client(address_);
  for (const char c : Post("/echo", "hello", "X-A: b\r\n")) client.Send({&c, 1});
  EXPECT_EQ(client.Receive().body, "hello");
}

TEST_F(Http, ChunksAreOneBody) {
  Start();
  RawClient client(address_);
  const std::string head = "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(client.Ask(head + "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n").body, "abcde");
  client.Send(head + "3\r\nab");
  std::this_thread::sleep_for(20ms);
  EXPECT_EQ(client.Ask("c\r\n0\r\nTrailer: x\r\n\r\n" + Post("/echo", "next")).body, "abc");
  EXPECT_EQ(client.Receive().body, "next");
}

TEST_F(Http, LargeBodiesArriveWhole) {
  Start();
  const std::string body(900'000, 'x');
  EXPECT_EQ(RawClient(address_).Ask(Post("/echo", body)).body, body);
  EXPECT_EQ(RawClient(address_).Ask(Post("/slow", body)).body, body);
}

TEST_F(Http, UploadsMayBeLargerThanRequests) {
  Start({.max_body_bytes = 1'000, .max_upload_bytes = 100'000});
  const std::string body(50'000, 'x');
  EXPECT_EQ(StatusOf(Post("/echo", body)), 413);
  EXPECT_EQ(RawClient(address_).Ask(Post("/slow", body)).body, body);
  EXPECT_EQ(StatusOf(Post("/slow", std::string(100'001, 'x'))), 413);
}

TEST_F(Http, AClientMayWaitForLeaveToSend) {
  Start();
  RawClient client(address_);
  client.Send("POST /echo HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.Receive().status, 100);
  EXPECT_EQ(client.Ask("ab").body, "ab");
}

TEST_F(Http, HeadHasNoBody) {
  Start();
  RawClient client(address_);
  client.Send("HEAD /healthz HTTP/1.1\r\nHost: h\r\n\r\n");
  const std::string head = client.ReceiveUntil("\r\n\r\n");
  EXPECT_NE(head.find("Content-Length: 18\r\n"), std::string::npos);
  EXPECT_TRUE(head.ends_with("\r\n\r\n"));
}

TEST_F(Http, CloseIsHonoured) {
  Start();
  RawClient client(address_);
  const auto answer = client.Ask(Post("/echo", "a", "Connection: close\r\n"));
  EXPECT_EQ(answer.body, "a");
  EXPECT_NE(answer.head.find("Connection: close"), std::string::npos);
  EXPECT_TRUE(client.IsClosed());
}

// ---- what strangers send ---------------------------------------------------------------------------------------------------------

struct Bad {
  const char* what;
  std::string bytes;
  int status;
};

auto Malformed() -> std::vector<Bad> {
  const std::string host = "Host: h\r\n";
  std::vector<Bad> all = {
      {"no HTTP", "hello there\r\n\r\n", 400},
      {"TLS on a plain port", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 15), 400},
      {"bare LF", "GET /healthz HTTP/1.1\nHost: h\n\nGET / HTTP/1.1\r\n\r\n", 400},
      {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
      {"another version", "GET /healthz HTTP/3.7\r\n" + host + "\r\n", 505},
      {"no version", "GET /healthz\r\n" + host + "\r\n", 400},
      {"two spaces", "GET  /healthz HTTP/1.1\r\n" + host + "\r\n", 400},
      {"an unknown method", "BREW /healthz HTTP/1.1\r\n" + host + "\r\n", 501},
      {"a method in lower case", "get /healthz HTTP/1.1\r\n" + host + "\r\n", 501},
      {"no Host", "GET /healthz HTTP/1.1\r\n\r\n", 400},
      {"two Hosts", "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
      {"a space before the colon", "GET /healthz HTTP/1.1\r\nHost : h\r\n\r\n", 400},
      {"a header without a colon", "GET /healthz HTTP/1.1\r\n" + host + "nonsense\r\n\r\n", 400},
      {"a folded header", "GET /healthz HTTP/1.1\r\n" + host + "X-A: b\r\n c\r\n\r\n", 400},
      {"a zero byte in a header", "GET /healthz HTTP/1.1\r\n" + host + "X-A: b" + std::string(1, '\0') + "\r\n\r\n", 400},
      {"a zero byte in the target", "GET /heal" + std::string(1, '\0') + " HTTP/1.1\r\n" + host + "\r\n", 400},
      {"an absolute target", "GET http://other/healthz HTTP/1.1\r\n" + host + "\r\n", 400},
      {"a target of another form", "OPTIONS * HTTP/1.1\r\n" + host + "\r\n", 400},
      {"a negative length", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: -1\r\n\r\n", 400},
      {"a length with a sign", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: +1\r\n\r\na", 400},
      {"a length beyond numbers", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 99999999999999999999999\r\n\r\n", 400},
      {"two lengths", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400},
      {"length and chunks", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"chunks and length", "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400},
      {"chunks twice", "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"another coding", "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
      {"a coding that hides", "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
      {"chunks of HTTP/1.0", "POST /echo HTTP/1.0\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
      {"a chunk without a size", "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n", 400},
      {"a chunk longer than it says", "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n0\r\n\r\n", 400},
      {"a chunk beyond numbers", "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\na\r\n0\r\n\r\n",
       400},
      {"another expectation", "POST /echo HTTP/1.1\r\n" + host + "Expect: miracles\r\nContent-Length: 1\r\n\r\na", 417},
      {"two credentials", "GET /healthz HTTP/1.1\r\n" + host + "Authorization: a\r\nAuthorization: b\r\n\r\n", 400},
      {"a long target", "GET /" + std::string(10'000, 'a') + " HTTP/1.1\r\n" + host + "\r\n", 414},
      {"a target without an end", "GET /" + std::string(40'000, 'a'), 414},
      {"a long header", "GET /healthz HTTP/1.1\r\n" + host + "X-A: " + std::string(20'000, 'a') + "\r\n\r\n", 431},
      {"a header without an end", "GET /healthz HTTP/1.1\r\n" + host + "X-A: " + std::string(40'000, 'a'), 431},
      {"a gigabyte that is only claimed", "POST /echo HTTP/1.1\r\n" + host + "Content-Length: 1073741824\r\n\r\n", 413},
      {"a chunk of a gigabyte",
       "POST /echo HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n40000000\r\n" + std::string(1'200'000, 'a'), 413},
      {"nothing is served there", "GET /other HTTP/1.1\r\n" + host + "\r\n", 404},
      {"dots", "GET /../healthz HTTP/1.1\r\n" + host + "\r\n", 404},
      {"another method", "PUT /echo HTTP/1.1\r\n" + host + "Content-Length: 0\r\n\r\n", 405},
      {"no right", "POST /secret HTTP/1.1\r\n" + host + "Content-Length: 3\r\n\r\nabc", 403},
  };
  std::string many = "GET /healthz HTTP/1.1\r\n" + host;
  for (int i = 0; i < 100; ++i) many += "X-" + std::to_string(i) + ": a\r\n";
  all.push_back({"many headers", many + "\r\n", 431});
  return all;
}

TEST_F(Http, WhatIsMalformedIsRefusedWithTheRightStatus) {
  Start();
  for (const Bad& bad : Malformed()) {
    EXPECT_EQ(StatusOf(bad.bytes), bad.status) << bad.what;
    ASSERT_TRUE(IsServing()) << "after " << bad.what;
  }
}

TEST_F(Http, WhatIsMalformedInPiecesIsRefusedAsWell) {
  Start();
  for (const Bad& bad : Malformed()) {
    RawClient client(address_);
    const size_t half = bad.bytes.size() / 2;
    client.Send(std::string_view(bad.bytes).substr(0, half));
    std::this_thread::sleep_for(2ms);
    client.Send(std::string_view(bad.bytes).substr(half));
    EXPECT_EQ(client.Receive().status, bad.status) << bad.what;
  }
}

TEST_F(Http, NobodySmugglesASecondRequest) {
  Start();
  RawClient client(address_);
  EXPECT_EQ(client
                .Ask("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /healthz "
                     "HTTP/1.1\r\nHost: h\r\n\r\n")
                .status,
            400);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(Http, ABodyThatNobodyWillReadIsNotAwaited) {
  Start();
  RawClient client(address_);
  EXPECT_EQ(client.Ask("POST /secret HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\nabc").status, 403);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(Http, ARefusalThatIsCompleteKeepsTheConnection) {
  Start();
  RawClient client(address_);
  EXPECT_EQ(client.Ask(Post("/secret", "abc")).status, 403);
  EXPECT_EQ(client.Ask(Post("/echo", "abc")).body, "abc");
}

TEST_F(Http, SlowHeadersTimeOutWhileOthersAreServed) {
  Start({.header_ms = 600});
  RawClient slow(address_);
  slow.Send("GET /healthz HTTP/1.1\r\nHost: h\r\n");
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < 12; ++i) {  // a byte now and then is no help
    slow.Send("X");
    EXPECT_TRUE(IsServing());
    std::this_thread::sleep_for(100ms);
  }
  EXPECT_EQ(slow.Receive().status, 408);
  EXPECT_TRUE(slow.IsClosed());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST_F(Http, SlowBodiesTimeOut) {
  Start({.body_ms = 300});
  RawClient slow(address_);
  EXPECT_EQ(slow.Ask("POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nab").status, 408);
}

TEST_F(Http, IdleConnectionsEnd) {
  Start({.idle_ms = 300});
  RawClient client(address_);
  EXPECT_EQ(client.Ask(Post("/echo", "a")).status, 200);
  EXPECT_TRUE(client.IsClosed());
}

TEST_F(Http, WhoDoesNotReadIsLeft) {
  Start({.write_ms = 500});
  RawClient client(address_);
  client.SetTimeout(1);
  const std::string request = Post("/echo", std::string(500'000, 'x'));
  int sent = 0;
  while (sent < 200 && client.Send(request)) ++sent;
  EXPECT_LT(sent, 200);
  EXPECT_TRUE(IsServing());
}

TEST_F(Http, ManyConnectionsAreTurnedAway) {
  Start({.max_connections = 20, .max_connections_per_peer = 15});
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 15; ++i) {
    clients.push_back(std::make_unique<RawClient>(address_));
    ASSERT_EQ(clients.back()->Ask(Post("/echo", "a")).status, 200);
  }
  EXPECT_EQ(RawClient(address_).Receive().status, 503);
  clients.clear();
  std::this_thread::sleep_for(50ms);
  EXPECT_TRUE(IsServing());
}

TEST_F(Http, WhoAsksTooOftenIsToldSo) {
  Start();
  RawClient client(address_);
  int served = 0;
  int refused = 0;
  for (int i = 0; i < 20; ++i) {
    const int status = client.Ask(Post("/echo", "a", "Authorization: Bearer limited\r\n")).status;
    served += static_cast<int>(status == 200);
    refused += static_cast<int>(status == 429);
  }
  EXPECT_GE(served, 5);
  EXPECT_LE(served, 8);
  EXPECT_EQ(served + refused, 20);
  EXPECT_EQ(client.Ask(Post("/echo", "a")).status, 200);
}

TEST_F(Http, TooManyWaitingAreToldSo) {
  Start({.max_waiting = 1});
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 30; ++i) {
    clients.push_back(std::make_unique<RawClient>(address_));
    clients.back()->Send(Post("/slow", "a"));
  }
  int served = 0;
  int refused = 0;
  for (const auto& client : clients) {
    const int status = client->Receive().status;
    served += static_cast<int>(status == 200);
    refused += static_cast<int>(status == 503);
  }
  EXPECT_GT(refused, 0);
  EXPECT_EQ(served + refused, 30);
}

TEST_F(Http, WhoLeavesWhileItsRequestWaitsDoesNoHarm) {
  Start();
  for (int i = 0; i < 50; ++i) RawClient(address_).Send(Post("/slow", "a"));
  EXPECT_EQ(RawClient(address_).Ask(Post("/slow", "b")).body, "b");
}

TEST_F(Http, EventsAreStreamedAndCaughtUp) {
  Start();
  events_.Publish("wanted", R"({"n":1})");
  RawClient client(address_);
  client.Send("GET /events HTTP/1.1\r\nHost: h\r\nLast-Event-ID: 0\r\n\r\n");
  EXPECT_NE(client.ReceiveUntil("{\"n\":1}\n\n").find("event: wanted\n"), std::string::npos);
  events_.Publish("other", R"({"n":2})");
  events_.Publish("wanted", R"({"n":3})");
  const std::string text = client.ReceiveUntil("{\"n\":3}\n\n");
  EXPECT_NE(text.find("{\"n\":3}"), std::string::npos);
  EXPECT_EQ(text.find("{\"n\":2}"), std::string::npos);
}

TEST_F(Http, DrainingAnswersWhatHasBegunAndTakesNoMore) {
  Start();
  RawClient busy(address_);
  RawClient idle(address_);
  EXPECT_EQ(idle.Ask(Post("/echo", "a")).status, 200);
  busy.Send(Post("/slow", "b"));
  std::this_thread::sleep_for(5ms);
  std::thread drain([&] { EXPECT_TRUE(server_->Drain()); });
  EXPECT_EQ(busy.Receive().body, "b");
  EXPECT_TRUE(busy.IsClosed());
  EXPECT_TRUE(idle.IsClosed());
  drain.join();
  EXPECT_FALSE(RawClient(address_).is_open());
}

TEST_F(Http, ThousandsOfConnectionsAreHeld) {
  Start();
  std::vector<std::unique_ptr<RawClient>> clients;
  for (int i = 0; i < 2'000; ++i) {
    clients.push_back(std::make_unique<RawClient>(address_));
    if (!clients.back()->is_open()) {
      clients.pop_back();
      break;
    }
  }
  if (clients.size() < 400) GTEST_SKIP() << "only " << clients.size() << " descriptors are to be had here";
  for (const auto& client : clients) ASSERT_EQ(client->Ask(Post("/echo", "a")).status, 200);
  EXPECT_TRUE(IsServing());
}

}  // namespace
}  // namespace remit::server
