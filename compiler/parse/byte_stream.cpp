#include "compiler/parse/byte_stream.h"

#include <algorithm>

#include "runtime/base/text.h"

namespace remit::parse {
namespace {

auto IsContinuation(char byte) -> bool { return (static_cast<uint8_t>(byte) & 0xC0) == 0x80; }

}  // namespace

auto ByteStream::ClassOfWide(std::string_view text, size_t offset) -> size_t {
  while (offset > 0 && IsContinuation(text[offset])) --offset;
  return IsWhiteSpace(DecodeUtf8(text, offset)) ? ' ' : 0x7F;
}

auto ByteStream::LA(ssize_t distance) -> size_t {
  if (distance == 0) return 0;
  const auto offset = static_cast<ssize_t>(next_) + distance - (distance > 0 ? 1 : 0);
  if (offset < 0 || offset >= static_cast<ssize_t>(text_.size())) return EOF;
  return ClassOf(text_, static_cast<size_t>(offset));
}

auto ByteStream::getText(const antlr4::misc::Interval& interval) -> std::string {
  if (interval.a < 0 || interval.b < interval.a) return "";
  const auto begin = std::min(static_cast<size_t>(interval.a), text_.size());
  return std::string{text_.substr(begin, static_cast<size_t>(interval.b - interval.a) + 1)};
}

}  // namespace remit::parse
