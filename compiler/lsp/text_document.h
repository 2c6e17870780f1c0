// A text as an editor has it, and places in it as the protocol counts them: lines from zero, and within a line bytes, UTF-16 code units or code
// points, whichever was agreed on.
//
// Source: Language Server Protocol 3.17, "Text Documents".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace remit::lsp {

enum class Encoding : uint8_t { Utf8, Utf16, Utf32 };

struct Position {
  uint32_t line = 0;
  uint32_t character = 0;

  friend auto operator<=>(Position, Position) = default;
};

class TextDocument {
 public:
  explicit TextDocument(std::string text = {});

  auto text() const -> std::string_view { return text_; }
  auto line_count() const -> uint32_t { return static_cast<uint32_t>(line_starts_.size()); }

  // A place beyond the end of a line is its end, one beyond the last line the end of the text; one within a character is its beginning.
  auto OffsetAt(Position position, Encoding encoding) const -> uint32_t;
  auto PositionAt(uint32_t offset, Encoding encoding) const -> Position;
  // How long a piece of text within a line is.
  static auto Length(std::string_view text, Encoding encoding) -> uint32_t;

  // What stands between the two takes the place of what stood there. They may be in either order.
  void Replace(Position begin, Position end, std::string_view with, Encoding encoding);

 private:
  auto LineText(uint32_t line) const -> std::string_view;
  void FindLines();

  std::string text_;
  std::vector<uint32_t> line_starts_;
};

}  // namespace remit::lsp
