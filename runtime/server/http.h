// HTTP as handlers see it: one request and the response to it, without any transport.
//
// Everything of a request borrows from the connection's buffer, so that a request costs no allocation; a response is reused, so that its texts keep
// their memory. Handlers that took the HTTP library's own message types, the alternative, would need the library in every file and a socket in
// every test.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace remit::server {

enum class Method : uint8_t { Get, Head, Post, Put, Patch, Delete, Options };
inline constexpr size_t kMethods = 7;
// As in a request line: `GET`. None: not one of ours.
auto MethodName(Method method) -> std::string_view;
auto FindMethod(std::string_view name) -> std::optional<Method>;

struct Header {
  std::string_view name;  // as it was sent; compare without case
  std::string_view value;  // without white space around it
};

// What is known of the other end, whatever it says. Lives as long as the connection.
struct Peer {
  std::string address = {};  // without the port; empty for Unix sockets
  bool is_loopback = false;  // of TCP
  bool is_unix = false;
  bool is_tls = false;
  uint32_t uid = UINT32_MAX;  // of Unix sockets: SO_PEERCRED
  std::string certificate_subject = {};  // of a verified client certificate, RFC 2253; empty: none
  std::string certificate_name = {};  // its first URI or DNS name, else its common name
};

struct Caller;

struct Request {
  Method method = Method::Get;
  std::string_view path = {};  // without the query, not decoded; begins with `/`
  std::string_view query = {};  // without `?`
  std::span<const Header> headers = {};
  std::string_view body = {};
  const Peer* peer = nullptr;  // never null once a transport has it
  const Caller* caller = nullptr;  // who asks; never null in a handler
  std::span<const std::string_view> captures = {};  // of the route's pattern, in their order, not decoded
  std::string_view request_id = {};  // X-Request-ID, as it was sent; empty: none
  std::string_view trace_id = {};  // of `traceparent`, 32 hexadecimal digits; empty: none

  // The first header of this name, without regard to case. Empty: none, or empty.
  auto header(std::string_view name) const -> std::string_view;
};

// A response that goes on: what is sent to `subscribe` later, until the connection ends.
enum class Stream : uint8_t { None, Events };

struct Response {
  int status = 200;
  std::string_view content_type = "application/json";  // of static life; empty: no body
  std::string body = {};
  Stream stream = Stream::None;
  std::string_view topics = {};  // of Events: static life
  bool close = false;  // the connection is of no use after this
  uint64_t durable_after = 0;  // audit records below this number must be on disk before it is sent; 0: none
  std::vector<std::string> reservations = {};  // to be given back if it cannot be sent for that reason

  void Reset();
  // One more header. Control characters of the value are left out, so that no value begins a header of its own.
  void AddHeader(std::string_view name, std::string_view value);
  auto headers() const -> std::string_view { return headers_; }  // lines that end with CR LF

 private:
  std::string headers_ = {};
};

auto StatusText(int status) -> std::string_view;

// ASCII only, as header names are compared.
auto EqualsIgnoringCase(std::string_view a, std::string_view b) -> bool;

// %XX as the byte it stands for. None if a `%` begins nothing, or the result is not UTF-8 or has a zero byte.
auto DecodePercent(std::string_view text) -> std::optional<std::string>;
// The first value of this name, decoded, with `+` as a space. None: not there, or malformed.
auto QueryValue(std::string_view query, std::string_view name) -> std::optional<std::string>;

}  // namespace remit::server
