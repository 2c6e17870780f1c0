// Regular expressions, compiled once: RE2, which takes time linear in the text whatever the pattern.
//
// A backtracking engine (std::regex, PCRE) was the alternative; with one, a request could choose how long a decision takes. RE2 stays behind
// this header.
#pragma once

#include <memory>
#include <string_view>

#include "stdlib/body.h"

namespace remit {

// Immutable and safe to share between threads.
class Regex {
 public:
  // The error says what is wrong with the pattern.
  static auto Compile(std::string_view pattern) -> Fallible<std::shared_ptr<const Regex>>;

  ~Regex();
  Regex(const Regex&) = delete;
  auto operator=(const Regex&) -> Regex& = delete;

  // The whole text: an allow-list that forgot its anchors must not let everything through that merely contains something allowed.
  auto Matches(std::string_view text) const -> bool;

 private:
  struct Compiled;
  explicit Regex(std::unique_ptr<const Compiled> compiled);

  std::unique_ptr<const Compiled> compiled_;
};

// The row's signature, for the checker. It compiles `pattern` each time, which engines must not: false if it is no regular expression.
auto MatchesRegex(String text, String pattern) -> bool;

}  // namespace remit
