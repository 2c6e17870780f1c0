#include "compiler/lsp/message.h"

#include <fmt/format.h>

#include <charconv>

#include "runtime/base/json_depth.h"

namespace remit::lsp {
namespace {

constexpr std::string_view kLength = "content-length:";

auto IsLengthHeader(std::string_view line) -> bool {
  if (line.size() < kLength.size()) return false;
  for (size_t i = 0; i < kLength.size(); ++i) {
    const char c = line[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c) != kLength[i]) return false;
  }
  return true;
}

}  // namespace

// Without its line break; nothing at the end of the stream.
auto MessageReader::ReadLine(size_t& budget) -> Expected<std::optional<std::string>> {
  std::string line;
  for (int c = std::fgetc(stream_); c != EOF; c = std::fgetc(stream_)) {
    if (budget-- == 0) return remit::Fail("invalid-header", "the header of a message is too long");
    if (c == '\n') {
      if (line.ends_with('\r')) line.pop_back();
      return line;
    }
    line += static_cast<char>(c);
  }
  return std::nullopt;
}

auto MessageReader::ReadLength() -> Expected<std::optional<size_t>> {
  size_t budget = limits_.max_header_bytes;
  std::optional<size_t> length;
  while (true) {
    auto line = ReadLine(budget);
    if (!line) return std::unexpected(line.error());
    if (!*line) return std::nullopt;
    if ((*line)->empty()) break;
    if (!IsLengthHeader(**line)) continue;
    std::string_view digits = **line;
    digits.remove_prefix(std::min(digits.find_first_not_of(' ', kLength.size()), digits.size()));
    size_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size())
      return remit::Fail("invalid-header", "`Content-Length` is not a number");
    length = value;
  }
  if (!length) return remit::Fail("invalid-header", "a message has no `Content-Length`");
  return length;
}

auto MessageReader::Next() -> Expected<std::optional<Json>> {
  const auto length = ReadLength();
  if (!length) return std::unexpected(length.error());
  if (!*length) return std::nullopt;
  if (**length > limits_.max_body_bytes) {
    return remit::Fail("message-too-large",
                       fmt::format("a message of {} bytes is beyond the limit of {}", **length, limits_.max_body_bytes));
  }
  std::string body(**length, '\0');
  if (std::fread(body.data(), 1, body.size(), stream_) != body.size())
    return remit::Fail("message-cut-short", "the stream ended in a message");
  if (!IsShallowJson(body, limits_.max_depth)) return remit::Fail("invalid-message", "a message is nested too deeply");
  auto json = Json::parse(body, nullptr, false);
  if (json.is_discarded()) return remit::Fail("invalid-message", "a message is no JSON");
  return json;
}

auto WriteMessage(FILE* stream, const Json& message) -> bool {
  const auto body = message.dump(-1, ' ', false, Json::error_handler_t::replace);
  const auto header = fmt::format("Content-Length: {}\r\n\r\n", body.size());
  const bool written = std::fwrite(header.data(), 1, header.size(), stream) == header.size() &&
                       std::fwrite(body.data(), 1, body.size(), stream) == body.size();
  return std::fflush(stream) == 0 && written;
}

}  // namespace remit::lsp
