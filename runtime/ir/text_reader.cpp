#include "runtime/ir/text_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "runtime/base/text.h"

namespace remit::ir {
namespace {

auto IsWordByte(char c) -> bool { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

}  // namespace

void TextReader::Fail(std::string message) {
  if (failed_) return;
  failed_ = true;
  failed_line_ = 1 + static_cast<size_t>(std::ranges::count(text_.substr(0, offset_), '\n'));
  message_ = std::move(message);
}

auto TextReader::error() const -> Error {
  return {.code = "ir-syntax", .message = fmt::format("line {}: {}", failed_line_, message_), .pointer = {}, .help = {}};
}

void TextReader::SkipSpace() {
  while (offset_ < text_.size() && (text_[offset_] == ' ' || text_[offset_] == '\n')) ++offset_;
}

auto TextReader::AtEnd() -> bool {
  SkipSpace();
  return offset_ == text_.size();
}

auto TextReader::Peek() -> char {
  SkipSpace();
  return offset_ < text_.size() && ok() ? text_[offset_] : '\0';
}

auto TextReader::Accept(std::string_view literal) -> bool {
  if (!ok()) return false;
  SkipSpace();
  if (!text_.substr(offset_).starts_with(literal)) return false;
  const size_t end = offset_ + literal.size();
  if (IsWordByte(literal.back()) && end < text_.size() && IsWordByte(text_[end])) return false;
  offset_ = end;
  return true;
}

auto TextReader::Expect(std::string_view literal) -> bool {
  if (Accept(literal)) return true;
  Fail(fmt::format("expected `{}`", literal));
  return false;
}

auto TextReader::Word() -> std::string_view {
  SkipSpace();
  size_t end = offset_;
  while (end < text_.size() && IsWordByte(text_[end])) ++end;
  const auto word = text_.substr(offset_, end - offset_);
  if (!ok() || !IsIdentifierShape(word)) {
    Fail("expected a word");
    return {};
  }
  offset_ = end;
  return word;
}

auto TextReader::Name() -> std::string { return NameFrom(Word()); }

auto TextReader::NameFrom(std::string_view first) -> std::string {
  std::string name(first);
  while (ok() && text_.substr(offset_).starts_with("::") && offset_ + 2 < text_.size() && IsWordByte(text_[offset_ + 2])) {
    offset_ += 2;
    name += "::";
    name += Word();
  }
  return name;
}

auto TextReader::Number(uint64_t limit) -> uint64_t {
  SkipSpace();
  uint64_t number = 0;
  const char* begin = text_.data() + offset_;
  const auto [end, code] = std::from_chars(begin, text_.data() + text_.size(), number);
  if (!ok() || code != std::errc() || number > limit) {
    Fail(fmt::format("expected a number up to {}", limit));
    return 0;
  }
  offset_ += static_cast<size_t>(end - begin);
  return number;
}

auto TextReader::Long() -> int64_t {
  SkipSpace();
  int64_t number = 0;
  const char* begin = text_.data() + offset_;
  const auto [end, code] = std::from_chars(begin, text_.data() + text_.size(), number);
  if (!ok() || code != std::errc()) {
    Fail("expected a 64-bit integer");
    return 0;
  }
  offset_ += static_cast<size_t>(end - begin);
  return number;
}

auto TextReader::String() -> std::string {
  std::string out;
  if (!Expect("\"")) return out;
  while (offset_ < text_.size()) {
    const char c = text_[offset_++];
    if (c == '"') return out;
    if (c != '\\') {
      out += c;
    } else if (!Escape(out)) {
      break;
    }
  }
  Fail("this string is never closed or has an invalid escape");
  return out;
}

auto TextReader::ReadPattern(Interner& interner) -> Pattern {
  Pattern pattern;
  std::string literal;
  const auto flush = [&] {
    if (!literal.empty()) pattern.emplace_back(interner.Intern(literal));
    literal.clear();
  };
  if (!Expect("\"")) return pattern;
  while (offset_ < text_.size()) {
    const char c = text_[offset_++];
    if (c == '"') {
      flush();
      return pattern;
    }
    if (c == '*') {
      flush();
      pattern.emplace_back(std::nullopt);
    } else if (c != '\\') {
      literal += c;
    } else if (offset_ < text_.size() && text_[offset_] == '*') {
      literal += text_[offset_++];
    } else if (!Escape(literal)) {
      break;
    }
  }
  Fail("this pattern is never closed or has an invalid escape");
  return pattern;
}

auto TextReader::Escape(std::string& out) -> bool {
  if (offset_ == text_.size()) return false;
  const char c = text_[offset_++];
  if (c == 'u') return UnicodeEscape(out);
  static constexpr std::string_view kNames = "nrt0\\\"'";
  static constexpr std::string_view kMeanings{"\n\r\t\0\\\"'", 7};
  const size_t index = kNames.find(c);
  if (index == std::string_view::npos) return false;
  out += kMeanings[index];
  return true;
}

auto TextReader::UnicodeEscape(std::string& out) -> bool {
  if (offset_ == text_.size() || text_[offset_] != '{') return false;
  uint32_t code_point = 0;
  const char* begin = text_.data() + offset_ + 1;
  const char* last = text_.data() + text_.size();
  const auto [end, code] = std::from_chars(begin, last, code_point, 16);
  const bool is_scalar = code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF);
  if (code != std::errc() || end == last || *end != '}' || !is_scalar) return false;
  AppendUtf8(out, code_point);
  offset_ = static_cast<size_t>(end - text_.data()) + 1;
  return true;
}

}  // namespace remit::ir
