#include "stdlib/regex.h"

#include <re2/re2.h>

#include "runtime/base/text.h"

namespace remit {
namespace {

constexpr int64_t kMostMemory = int64_t{1} << 20;  // of one compiled pattern and its caches
constexpr size_t kLongestPattern = size_t{64} << 10;

auto Options() -> re2::RE2::Options {
  re2::RE2::Options options;  // UTF-8, and `.` is no newline
  options.set_max_mem(kMostMemory);
  options.set_log_errors(false);
  return options;
}

}  // namespace

struct Regex::Compiled {
  explicit Compiled(std::string_view text) : pattern(re2::StringPiece(text.data(), text.size()), Options()) {}

  re2::RE2 pattern;
};

Regex::Regex(std::unique_ptr<const Compiled> compiled) : compiled_(std::move(compiled)) {}
Regex::~Regex() = default;

auto Regex::Compile(std::string_view pattern) -> Fallible<std::shared_ptr<const Regex>> {
  if (pattern.size() > kLongestPattern) return Fail("pattern too large");
  if (FindInvalidUtf8(pattern)) return Fail("invalid UTF-8");
  auto compiled = std::make_unique<const Compiled>(pattern);
  // RE2 quotes a part of the pattern, which need not end between characters.
  if (!compiled->pattern.ok()) return Fail(FindInvalidUtf8(compiled->pattern.error()) ? "bad syntax" : compiled->pattern.error());
  return std::shared_ptr<const Regex>(new Regex(std::move(compiled)));
}

auto Regex::Matches(std::string_view text) const -> bool {
  return re2::RE2::FullMatch(re2::StringPiece(text.data(), text.size()), compiled_->pattern);
}

auto MatchesRegex(String text, String pattern) -> bool {
  const auto regex = Regex::Compile(pattern.view());
  return regex && (*regex)->Matches(text.view());
}

}  // namespace remit
