#include "runtime/server/http.h"

#include <algorithm>
#include <array>

#include "runtime/base/percent.h"
#include "runtime/base/text.h"

namespace remit::server {
namespace {

constexpr std::array<std::string_view, kMethods> kMethodNames = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

auto Lower(char c) -> char { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

}  // namespace

auto MethodName(Method method) -> std::string_view { return kMethodNames[static_cast<size_t>(method)]; }

auto FindMethod(std::string_view name) -> std::optional<Method> {
  const auto it = std::ranges::find(kMethodNames, name);
  if (it == kMethodNames.end()) return std::nullopt;
  return static_cast<Method>(it - kMethodNames.begin());
}

auto Request::header(std::string_view name) const -> std::string_view {
  for (const Header& each : headers) {
    if (EqualsIgnoringCase(each.name, name)) return each.value;
  }
  return {};
}

void Response::Reset() {
  status = 200;
  content_type = "application/json";
  body.clear();
  stream = Stream::None;
  topics = {};
  close = false;
  durable_after = 0;
  reservations.clear();
  headers_.clear();
}

void Response::AddHeader(std::string_view name, std::string_view value) {
  headers_ += name;
  headers_ += ": ";
  for (const char c : value) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) headers_ += c;
  }
  headers_ += "\r\n";
}

auto StatusText(int status) -> std::string_view {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 411: return "Length Required";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
  }
  return "Status";
}

auto EqualsIgnoringCase(std::string_view a, std::string_view b) -> bool {
  return a.size() == b.size() && std::ranges::equal(a, b, [](char x, char y) { return Lower(x) == Lower(y); });
}

auto DecodePercent(std::string_view text) -> std::optional<std::string> {
  auto out = DecodePercentBytes(text);
  if (out && (out->find('\0') != std::string::npos || FindInvalidUtf8(*out))) return std::nullopt;
  return out;
}

auto QueryValue(std::string_view query, std::string_view name) -> std::optional<std::string> {
  while (!query.empty()) {
    const size_t end = std::min(query.find('&'), query.size());
    const std::string_view pair = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const size_t equals = std::min(pair.find('='), pair.size());
    if (pair.substr(0, equals) != name) continue;
    std::string value(pair.substr(std::min(equals + 1, pair.size())));
    std::ranges::replace(value, '+', ' ');
    return DecodePercent(value);
  }
  return std::nullopt;
}

}  // namespace remit::server
