#include "runtime/server/transport/response_text.h"

#include <array>
#include <charconv>

namespace remit::server {
namespace {

void AppendNumber(std::string& out, size_t number, int base = 10) {
  std::array<char, 24> text;
  const auto end = std::to_chars(text.data(), text.data() + text.size(), number, base).ptr;
  out.append(text.data(), end);
}

void AppendStatusLine(std::string& out, int status) {
  if (status == 200) {
    out += "HTTP/1.1 200 OK\r\n";
    return;
  }
  out += "HTTP/1.1 ";
  AppendNumber(out, static_cast<size_t>(status));
  out += ' ';
  out += StatusText(status);
  out += "\r\n";
}

void AppendCommon(std::string& out, const Response& response, std::string_view date) {
  out += "Date: ";
  out += date;
  out += "\r\nX-Content-Type-Options: nosniff\r\n";
  if (!response.content_type.empty()) {
    out += "Content-Type: ";
    out += response.content_type;
    out += "\r\n";
  }
  out += response.headers();
}

}  // namespace

void AppendResponse(std::string& out, const Response& response, const ResponseFacts& facts) {
  AppendStatusLine(out, response.status);
  AppendCommon(out, response, facts.date);
  if (!facts.stays) out += "Connection: close\r\n";
  const bool has_no_body = response.status == 204 || response.status == 304;
  if (!has_no_body) {
    out += "Content-Length: ";
    AppendNumber(out, response.body.size());
    out += "\r\n";
  }
  out += "\r\n";
  if (!has_no_body && !facts.is_head) out += response.body;
}

void AppendStreamHead(std::string& out, const Response& response, std::string_view date) {
  AppendStatusLine(out, 200);
  AppendCommon(out, response, date);
  out += "Cache-Control: no-store\r\nTransfer-Encoding: chunked\r\n\r\n";
}

void AppendChunk(std::string& out, std::string_view bytes) {
  AppendNumber(out, bytes.size(), 16);
  out += "\r\n";
  out += bytes;
  out += "\r\n";
}

}  // namespace remit::server
