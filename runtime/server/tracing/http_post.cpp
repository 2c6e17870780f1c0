#include "runtime/server/tracing/http_post.h"

#include <fmt/format.h>

// As in request_reader.cpp: Beast's inline tables have texts of this type, and a program has one of them.
#define BOOST_BEAST_USE_STD_STRING_VIEW
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <exception>

namespace remit::server {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::asio::ip::tcp;

auto HttpEndpoint::Parse(std::string_view url) -> Expected<HttpEndpoint> {
  constexpr std::string_view kScheme = "http://";
  const auto refuse = [&] {
    return std::unexpected(Error{.code = "otlp-endpoint",
                                 .message = fmt::format("`{}` is no endpoint for traces", url),
                                 .pointer = {},
                                 .help = "write `http://host:4318/v1/traces`; a collector beside the server takes TLS from there"});
  };
  if (!url.starts_with(kScheme)) return refuse();
  std::string_view rest = url.substr(kScheme.size());
  const size_t slash = std::min(rest.find('/'), rest.size());
  HttpEndpoint endpoint = {.host = {}, .port = "80", .path = slash < rest.size() ? std::string(rest.substr(slash)) : "/v1/traces"};
  rest = rest.substr(0, slash);
  const size_t bracket = rest.find(']');
  const size_t colon = rest.find(':', bracket == std::string_view::npos ? 0 : bracket);
  endpoint.host = rest.substr(0, colon);
  if (colon != std::string_view::npos) endpoint.port = rest.substr(colon + 1);
  if (endpoint.host.starts_with('[')) endpoint.host = endpoint.host.substr(1, endpoint.host.size() - 2);
  const bool is_port =
      !endpoint.port.empty() && endpoint.port.size() <= 5 && endpoint.port.find_first_not_of("0123456789") == std::string::npos;
  const bool is_clean = url.find_first_of(" \r\n\t@") == std::string_view::npos;
  if (endpoint.host.empty() || !is_port || !is_clean) return refuse();
  return endpoint;
}

struct HttpPoster::Connection {
  boost::asio::io_context context;
  beast::tcp_stream stream{context};

  // Runs what was begun to its end, which the stream's deadline bounds.
  void Finish() {
    context.restart();
    context.run();
  }
};

HttpPoster::HttpPoster(HttpEndpoint endpoint, std::vector<ExtraHeader> headers)
    : endpoint_(std::move(endpoint)), headers_(std::move(headers)) {}

HttpPoster::~HttpPoster() = default;

// A connection that was kept may have been closed by the other end: then a new one is tried once.
auto HttpPoster::Post(const std::string& body, std::chrono::milliseconds deadline) -> Expected<int> {
  const bool was_kept = connection_ != nullptr;
  try {
    auto status = Exchange(body, deadline);
    if (!status && was_kept) status = Exchange(body, deadline);
    return status;
  } catch (const std::exception& error) {  // no memory, no descriptor: Asio says that so
    connection_.reset();
    return std::unexpected(Error{.code = "otlp-away", .message = error.what(), .pointer = {}, .help = {}});
  }
}

auto HttpPoster::Exchange(const std::string& body, std::chrono::milliseconds deadline) -> Expected<int> {
  beast::error_code error;
  if (connection_ == nullptr) {
    connection_ = std::make_unique<Connection>();
    tcp::resolver resolver(connection_->context);
    const auto found = resolver.resolve(endpoint_.host, endpoint_.port, error);
    if (!error) {
      connection_->stream.expires_after(deadline);
      connection_->stream.async_connect(found, [&](beast::error_code code, const tcp::endpoint&) { error = code; });
      connection_->Finish();
    }
  }
  http::request<http::string_body> request(http::verb::post, endpoint_.path, 11);
  request.set(http::field::host, fmt::format("{}:{}", endpoint_.host, endpoint_.port));
  request.set(http::field::content_type, "application/json");
  for (const ExtraHeader& header : headers_) request.set(header.name, header.value);
  request.body() = body;
  request.prepare_payload();
  http::response_parser<http::string_body> parser;
  constexpr uint64_t kMostBytes = 64 << 10;  // nothing that it says is of interest
  parser.body_limit(kMostBytes);
  beast::flat_buffer buffer;
  if (!error) {
    connection_->stream.expires_after(deadline);
    http::async_write(connection_->stream, request, [&](beast::error_code code, size_t) {
      error = code;
      if (!error) http::async_read(connection_->stream, buffer, parser, [&](beast::error_code read, size_t) { error = read; });
    });
    connection_->Finish();
  }
  if (error) {
    connection_.reset();
    return std::unexpected(Error{.code = "otlp-away", .message = error.message(), .pointer = {}, .help = {}});
  }
  const int status = parser.get().result_int();
  if (!parser.get().keep_alive()) connection_.reset();
  return status;
}

}  // namespace remit::server
