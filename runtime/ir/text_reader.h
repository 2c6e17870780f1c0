// A cursor over the text form: words, numbers, strings, punctuation. White space separates and means nothing else.
//
// The first error sticks and everything after it fails, so callers read a whole line and look once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/error.h"
#include "runtime/base/interner.h"
#include "runtime/ir/program.h"

namespace remit::ir {

class TextReader {
 public:
  explicit TextReader(std::string_view text) : text_(text) {}

  auto AtEnd() -> bool;
  // Whether `literal` comes next; it is consumed if so. A literal that is a word must not be a mere prefix of a longer one.
  auto Accept(std::string_view literal) -> bool;
  // The same, and an error if it does not come.
  auto Expect(std::string_view literal) -> bool;
  // `[A-Za-z_][A-Za-z0-9_]*`, or empty with an error.
  auto Word() -> std::string_view;
  // Words joined by `::`.
  auto Name() -> std::string;
  // The same where the first word has been read. Stops before a `::` that a string follows.
  auto NameFrom(std::string_view first) -> std::string;
  auto Peek() -> char;
  // Decimal digits, at most `limit`.
  auto Number(uint64_t limit) -> uint64_t;
  // With an optional sign.
  auto Long() -> int64_t;
  // A string literal's contents.
  auto String() -> std::string;
  auto ReadPattern(Interner& interner) -> Pattern;

  auto ok() const -> bool { return !failed_; }
  void Fail(std::string message);
  auto error() const -> Error;

 private:
  void SkipSpace();
  // Appends the character an escape stands for; `offset_` is after the backslash.
  auto Escape(std::string& out) -> bool;
  auto UnicodeEscape(std::string& out) -> bool;

  std::string_view text_;
  size_t offset_ = 0;
  bool failed_ = false;
  size_t failed_line_ = 0;
  std::string message_;
};

}  // namespace remit::ir
