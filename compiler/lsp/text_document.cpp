#include "compiler/lsp/text_document.h"

#include <algorithm>

#include "runtime/base/text.h"

namespace remit::lsp {
namespace {

// Units of the character that begins at `offset`, which moves behind it.
auto Units(std::string_view text, size_t& offset, Encoding encoding) -> uint32_t {
  const size_t begin = offset;
  const char32_t code_point = DecodeUtf8(text, offset);
  switch (encoding) {
    case Encoding::Utf8: return static_cast<uint32_t>(offset - begin);
    case Encoding::Utf16: return code_point >= 0x10000 ? 2 : 1;
    case Encoding::Utf32: return 1;
  }
  return 1;
}

}  // namespace

TextDocument::TextDocument(std::string text) : text_(std::move(text)) { FindLines(); }

void TextDocument::FindLines() {
  line_starts_.assign(1, 0);
  for (size_t i = 0; i < text_.size(); ++i) {
    const bool ends_line = text_[i] == '\n' || (text_[i] == '\r' && (i + 1 == text_.size() || text_[i + 1] != '\n'));
    if (ends_line) line_starts_.push_back(static_cast<uint32_t>(i + 1));
  }
}

// Without its line break.
auto TextDocument::LineText(uint32_t line) const -> std::string_view {
  const size_t begin = line_starts_[line];
  size_t end = line + 1 < line_starts_.size() ? line_starts_[line + 1] : text_.size();
  while (end > begin && (text_[end - 1] == '\n' || text_[end - 1] == '\r')) --end;
  return std::string_view(text_).substr(begin, end - begin);
}

auto TextDocument::Length(std::string_view text, Encoding encoding) -> uint32_t {
  if (encoding == Encoding::Utf8) return static_cast<uint32_t>(text.size());
  uint32_t length = 0;
  for (size_t i = 0; i < text.size();) length += Units(text, i, encoding);
  return length;
}

auto TextDocument::OffsetAt(Position position, Encoding encoding) const -> uint32_t {
  if (position.line >= line_starts_.size()) return static_cast<uint32_t>(text_.size());
  const auto line = LineText(position.line);
  size_t offset = 0;
  uint32_t units = 0;
  while (offset < line.size()) {
    size_t next = offset;
    units += Units(line, next, encoding);
    if (units > position.character) break;
    offset = next;
  }
  return line_starts_[position.line] + static_cast<uint32_t>(offset);
}

auto TextDocument::PositionAt(uint32_t offset, Encoding encoding) const -> Position {
  offset = std::min(offset, static_cast<uint32_t>(text_.size()));
  const auto next = std::ranges::upper_bound(line_starts_, offset);
  const auto line = static_cast<uint32_t>(next - line_starts_.begin()) - 1;
  const uint32_t begin = line_starts_[line];
  return {.line = line, .character = Length(text().substr(begin, offset - begin), encoding)};
}

void TextDocument::Replace(Position begin, Position end, std::string_view with, Encoding encoding) {
  auto first = OffsetAt(begin, encoding);
  auto last = OffsetAt(end, encoding);
  if (first > last) std::swap(first, last);
  text_.replace(first, last - first, with);
  FindLines();
}

}  // namespace remit::lsp
