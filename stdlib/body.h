// What the body of a builtin is written with: plain C++ in, plain C++ out.
//
// Bodies see values of their own types and never `Value`, an arena or an interner, so that each can be tested and called like any
// function, and the native engine can call it without boxing.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

namespace remit {

// A string of the language: valid UTF-8, borrowed from the caller.
class String {
 public:
  explicit String(std::string_view text) : text_(text) {}

  auto view() const -> std::string_view { return text_; }

 private:
  std::string_view text_;
};

// The error is a message without the name of the function.
template <typename T>
using Fallible = std::expected<T, std::string>;

// What a constructor of a Url, a Path, ... gives: the value with a text of its own. Whoever packs it points `parts.storage` at a copy.
template <typename T>
struct Parsed {
  std::string storage;
  T parts = {};
};

inline auto Fail(std::string message) -> std::unexpected<std::string> { return std::unexpected(std::move(message)); }

}  // namespace remit
