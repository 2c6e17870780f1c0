// Source text as ANTLR's lexer sees it: bytes, so that offsets of tokens are byte offsets and a large file is not copied.
//
// The grammar's tokens are ASCII; all it must know of the rest is what is white space. So every byte of a Unicode white space
// reads as a blank and every other byte beyond ASCII as DEL, which may stand in strings and comments and nowhere else. ANTLR's
// own stream decodes the text to four bytes a character and leaves its fast tables for each one beyond ASCII.
#pragma once

#include <antlr4-runtime.h>

#include <string>
#include <string_view>

namespace remit::parse {

class ByteStream : public antlr4::CharStream {
 public:
  // `text` is valid UTF-8 and outlives the stream.
  explicit ByteStream(std::string_view text) : text_(text) {}

  // What the grammar sees at an offset of a text.
  static auto ClassOf(std::string_view text, size_t offset) -> size_t {
    const auto byte = static_cast<uint8_t>(text[offset]);
    return byte < 0x80 ? byte : ClassOfWide(text, offset);
  }

  void consume() override { ++next_; }
  auto LA(ssize_t distance) -> size_t override;
  auto mark() -> ssize_t override { return 0; }
  void release(ssize_t /*marker*/) override {}
  auto index() -> size_t override { return next_; }
  void seek(size_t index) override { next_ = index; }
  auto size() -> size_t override { return text_.size(); }
  auto getSourceName() const -> std::string override { return ""; }
  auto getText(const antlr4::misc::Interval& interval) -> std::string override;
  auto toString() const -> std::string override { return std::string{text_}; }

 private:
  static auto ClassOfWide(std::string_view text, size_t offset) -> size_t;

  std::string_view text_;
  size_t next_ = 0;
};

}  // namespace remit::parse
