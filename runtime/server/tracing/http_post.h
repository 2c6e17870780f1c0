// One POST to a collector, over plain HTTP/1.1, with a deadline. Boost.Beast stays behind this.
//
// The connection is kept between calls. A collector is a neighbour, on the same machine or in the same pod, which is why there is no TLS here.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"

namespace remit::server {

struct HttpEndpoint {
  std::string host;
  std::string port;
  std::string path;

  // `http://host:port/path`; an address in brackets may have colons. Codes: "otlp-endpoint".
  static auto Parse(std::string_view url) -> Expected<HttpEndpoint>;
};

struct ExtraHeader {
  std::string name;
  std::string value;
};

class HttpPoster {
 public:
  HttpPoster(HttpEndpoint endpoint, std::vector<ExtraHeader> headers);
  ~HttpPoster();
  HttpPoster(const HttpPoster&) = delete;
  auto operator=(const HttpPoster&) -> HttpPoster& = delete;

  // The status. Codes: "otlp-away": nobody answered in time.
  auto Post(const std::string& body, std::chrono::milliseconds deadline) -> Expected<int>;

 private:
  struct Connection;

  auto Exchange(const std::string& body, std::chrono::milliseconds deadline) -> Expected<int>;

  const HttpEndpoint endpoint_;
  const std::vector<ExtraHeader> headers_;
  std::unique_ptr<Connection> connection_;  // null: there is none
};

}  // namespace remit::server
