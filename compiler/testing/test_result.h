// What running tests came to, as plain data: reports are made of this and nothing else.
#pragma once

#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/edit.h"
#include "compiler/source/source_file.h"

namespace remit::tests {

enum class FailureKind : uint8_t {
#define FAILURE(id, code, message) id,
#include "compiler/testing/failures.def"
#undef FAILURE
};

// `test-outcome`
auto FailureCode(FailureKind kind) -> std::string_view;
auto FailureMessage(FailureKind kind) -> std::string_view;

// One step that did not go as expected.
struct StepFailure {
  FailureKind kind;
  Span span;
  std::string message;
  std::string help;              // may be empty
  std::vector<std::string> why;  // a line each: what decided, what failed, what was spent

  template <typename... Args>
  static auto Of(FailureKind kind, Span span, const Args&... args) -> StepFailure {
    return {.kind = kind, .span = span, .message = fmt::format(fmt::runtime(FailureMessage(kind)), args...), .help = {}, .why = {}};
  }
};

struct EngineResult {
  std::string engine;  // "interpreter", "native"
  std::vector<StepFailure> failures;
  std::chrono::microseconds time = {};
};

struct TestResult {
  std::string title;
  std::string file;
  uint32_t line = 0;
  std::vector<EngineResult> engines;
  std::vector<StepFailure> differences;  // between engines

  auto passed() const -> bool {
    for (const auto& engine : engines) {
      if (!engine.failures.empty()) return false;
    }
    return differences.empty();
  }
};

struct SuiteResult {
  std::vector<TestResult> tests;
  std::vector<Edit> edits;  // that would make failing expectations pass, where all engines agree
  uint32_t left_out = 0;    // tests that a filter left out, or that came after the first failure of a run that stops there

  auto failed() const -> size_t {
    size_t count = 0;
    for (const auto& test : tests) count += test.passed() ? 0 : 1;
    return count;
  }
  auto passed() const -> size_t { return tests.size() - failed(); }
};

// `refunds.test.remit:12`.
inline auto PlaceText(const TestResult& test) -> std::string { return test.file + ":" + std::to_string(test.line); }

}  // namespace remit::tests
