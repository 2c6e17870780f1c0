#include <fmt/format.h>

#include "compiler/testing/report.h"

namespace remit::tests {
namespace {

// `#` would begin a directive.
auto EscapeTitle(std::string_view title) -> std::string {
  std::string text;
  for (const char c : title) {
    if (c == '#' || c == '\\') text += '\\';
    text += static_cast<uint8_t>(c) < 0x20 || c == 0x7F ? ' ' : c;
  }
  return text;
}

// A double-quoted YAML scalar.
auto Quote(std::string_view text) -> std::string {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (c == '\n') {
      quoted += "\\n";
    } else if (static_cast<uint8_t>(c) < 0x20 || c == 0x7F) {
      quoted += fmt::format("\\x{:02x}", static_cast<uint8_t>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

auto FailureYaml(std::string_view engine, const StepFailure& failure, const SourceManager& sources) -> std::string {
  std::string text = fmt::format("    - code: {}\n", FailureCode(failure.kind));
  if (!engine.empty()) text += fmt::format("      engine: {}\n", engine);
  text += fmt::format("      message: {}\n", Quote(failure.message));
  if (failure.span.has_place()) {
    const auto& file = sources.file(failure.span.file);
    const auto place = file.locate(failure.span.begin);
    text +=
        fmt::format("      at:\n        file: {}\n        line: {}\n        column: {}\n", Quote(file.name()), place.line, place.column);
  }
  if (failure.why.empty()) return text;
  text += "      why:\n";
  for (const auto& line : failure.why) text += fmt::format("        - {}\n", Quote(line));
  return text;
}

auto FailuresYaml(const TestResult& test, const SourceManager& sources) -> std::string {
  std::string text = "  ---\n  severity: fail\n  failures:\n";
  for (const auto& engine : test.engines) {
    for (const auto& failure : engine.failures) text += FailureYaml(engine.engine, failure, sources);
  }
  for (const auto& failure : test.differences) text += FailureYaml("", failure, sources);
  return text + "  ...\n";
}

}  // namespace

auto FormatTap(const SuiteResult& suite, const SourceManager& sources) -> std::string {
  std::string text = fmt::format("TAP version 14\n1..{}\n", suite.tests.size());
  for (size_t i = 0; i < suite.tests.size(); ++i) {
    const auto& test = suite.tests[i];
    text += fmt::format("{} {} - {}\n", test.passed() ? "ok" : "not ok", i + 1, EscapeTitle(test.title));
    if (!test.passed()) text += FailuresYaml(test, sources);
  }
  return text;
}

}  // namespace remit::tests
