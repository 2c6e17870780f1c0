// Where the tokens of a JSON text begin, and no more: what simdjson's first stage finds, for the reader of entities that are plainly spelt.
//
// The text is known to be valid UTF-8 whose strings end and have no control characters; its structure is for the reader to check. A token can be
// come back to, for an entity's type may stand behind its attributes. simdjson's own reader over the same positions (On-Demand) only goes forward,
// and its tree, which `json_document.h` makes, takes a third of the time of reading entities.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string_view>

namespace remit::json {

class Tokens {
 public:
  // None: this is no JSON, or there is not enough memory. `text` must outlive the tokens.
  static auto Of(std::string_view text) -> std::optional<Tokens>;

  auto size() const -> uint32_t { return size_; }
  // The first character of a token: one of `{}[],:"`, or of a word or a number. Behind the last token: '\0'.
  auto kind(uint32_t at) const -> char { return at < size_ ? text_[positions_[at]] : '\0'; }
  auto position(uint32_t at) const -> uint32_t { return positions_[at]; }
  // The text from there. Requires at < size().
  auto at(uint32_t at) const -> const char* { return text_.data() + positions_[at]; }
  // Whether some string may have one.
  auto has_escapes() const -> bool { return has_escapes_; }
  // The end of the token, with no white space behind it. Requires at < size().
  auto end(uint32_t at) const -> uint32_t {
    uint32_t end = at + 1 < size_ ? positions_[at + 1] : static_cast<uint32_t>(text_.size());
    while (IsSpace(text_[end - 1])) --end;  // stops at the token's first character
    return end;
  }
  auto spelling(uint32_t at) const -> std::string_view { return Between(positions_[at], end(at)); }
  // What is between two positions of the text.
  auto Between(uint32_t begin, uint32_t end) const -> std::string_view { return text_.substr(begin, end - begin); }

  // The string that this token is. Fails if it is none, or if it has escapes.
  auto ReadString(uint32_t at, std::string_view& string) const -> bool {
    if (kind(at) != '"') return false;
    const uint32_t last = end(at) - 1;
    if (last <= positions_[at] || text_[last] != '"') return false;
    string = Between(positions_[at] + 1, last);
    return !has_escapes_ || std::memchr(string.data(), '\\', string.size()) == nullptr;
  }

 private:
  using Parser = simdjson::internal::dom_parser_implementation;
  // Back to the thread, or away.
  struct Return {
    void operator()(Parser* parser) const;
  };

  Tokens(std::string_view text, std::unique_ptr<Parser, Return> parser);
  static auto TakeParser(size_t bytes) -> std::unique_ptr<Parser, Return>;
  static auto IsSpace(char c) -> bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

  std::string_view text_;
  std::unique_ptr<Parser, Return> parser_;  // `positions_` are its
  const uint32_t* positions_;
  uint32_t size_;
  bool has_escapes_;
};

}  // namespace remit::json
