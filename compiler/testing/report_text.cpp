#include <fmt/format.h>

#include <algorithm>

#include "compiler/source/excerpt.h"
#include "compiler/testing/report.h"

namespace remit::tests {
namespace {

struct Palette {
  std::string_view good, bad, dim, reset;
};
constexpr Palette kPlain = {"", "", "", ""};
constexpr Palette kColor = {"\033[32m", "\033[1;31m", "\033[2m", "\033[0m"};

auto SameFailures(const EngineResult& a, const EngineResult& b) -> bool {
  return std::ranges::equal(a.failures, b.failures, [](const StepFailure& one, const StepFailure& other) {
    return one.span == other.span && one.message == other.message && one.why == other.why;
  });
}

// Failures that all engines share are told once.
auto EngineFailures(const TestResult& test, const SourceManager& sources, bool color) -> std::string {
  const bool all_same =
      std::ranges::all_of(test.engines, [&](const EngineResult& engine) { return SameFailures(engine, test.engines[0]); });
  std::string text;
  for (const auto& engine : test.engines) {
    if (engine.failures.empty()) continue;
    if (!all_same) text += fmt::format("on the engine `{}`:\n", engine.engine);
    for (const auto& failure : engine.failures) text += FormatFailure(failure, sources, color);
    if (all_same) break;
  }
  for (const auto& failure : test.differences) text += FormatFailure(failure, sources, color);
  return text;
}

auto PlaceText(Span span, const SourceManager& sources) -> std::string {
  const auto& file = sources.file(span.file);
  const auto place = file.locate(span.begin);
  return fmt::format("{}:{}:{}", file.name(), place.line, place.column);
}

// Titles are the user's: what would move a terminal's cursor is left out.
auto Printable(std::string_view text) -> std::string {
  std::string printable{text};
  std::ranges::replace_if(printable, [](char c) { return static_cast<uint8_t>(c) < 0x20 || c == 0x7F; }, ' ');
  return printable;
}

}  // namespace

// As diagnostics are (compiler/source/diagnostic.cpp).
auto FormatFailure(const StepFailure& failure, const SourceManager& sources, bool color) -> std::string {
  const Palette& palette = color ? kColor : kPlain;
  const bool has_place = failure.span.has_place();
  std::string text = has_place ? fmt::format("{}: ", PlaceText(failure.span, sources)) : "";
  text += fmt::format("{}error{}[{}]: {}\n", palette.bad, palette.reset, FailureCode(failure.kind), Printable(failure.message));
  const ExcerptColors colors = {.mark = palette.bad, .reset = palette.reset};
  if (has_place) text += FormatExcerpt(sources.file(failure.span.file), failure.span, colors);
  if (!failure.help.empty()) text += fmt::format("help: {}\n", Printable(failure.help));
  for (size_t i = 0; i < failure.why.size(); ++i) text += fmt::format("{} {}\n", i == 0 ? "why:" : "    ", Printable(failure.why[i]));
  return text;
}

auto FormatText(const SuiteResult& suite, const SourceManager& sources, bool color) -> std::string {
  const Palette& palette = color ? kColor : kPlain;
  std::string text;
  for (const auto& test : suite.tests) {
    const bool passed = test.passed();
    text += fmt::format("{}{}{}  {}  {}{}{}\n", passed ? palette.good : palette.bad, passed ? "ok    " : "FAILED", palette.reset,
                        Printable(test.title), palette.dim, PlaceText(test), palette.reset);
    if (!passed) text += EngineFailures(test, sources, color);
  }
  text += fmt::format("{} passed, {} failed", suite.passed(), suite.failed());
  if (suite.left_out > 0) text += fmt::format(", {} left out", suite.left_out);
  return text + '\n';
}

}  // namespace remit::tests
