// `--expect`: answers that are known beforehand, compared one by one.
#pragma once

#include <optional>
#include <string>

#include "compiler/driver/files.h"
#include "tools/remit/answer.h"

namespace remit::cli {

class Expectation {
 public:
  // An empty path expects nothing: every call below is then a no-op and `Finish` is true.
  static auto Open(const std::string& path, const Limits& limits) -> Expected<Expectation>;

  // Takes the next expected line, {"id"?, "decision"?, "outcome"?, "reason"?, "errors"?}; members that are absent are not compared.
  // Prints a mismatch on standard error.
  void Compare(const Expected<DecidedAnswer>& answer, const PolicyIds& ids);

  // Expected lines that no request came for are failures. Prints `N passed, N failed`; true if none failed.
  auto Finish() -> bool;

 private:
  explicit Expectation(std::optional<LineReader> lines) : lines_(std::move(lines)) {}
  void Fail(const std::string& message);

  std::optional<LineReader> lines_;
  uint64_t passed_ = 0;
  uint64_t failed_ = 0;
};

}  // namespace remit::cli
