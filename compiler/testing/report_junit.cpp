#include <fmt/format.h>

#include "compiler/source/xml.h"
#include "compiler/testing/report.h"

namespace remit::tests {
namespace {

auto Seconds(std::chrono::microseconds time) -> std::string { return fmt::format("{:.6f}", static_cast<double>(time.count()) / 1e6); }

auto FailureXml(const StepFailure& failure, const SourceManager& sources) -> std::string {
  return fmt::format("      <failure message=\"{}\" type=\"{}\">{}</failure>\n", EscapeXml(failure.message), FailureCode(failure.kind),
                     EscapeXml(FormatFailure(failure, sources, false)));
}

// What is wrong with one test on one engine. Differences are told once, with the last engine.
auto FailuresOf(const TestResult& test, size_t engine) -> std::vector<const StepFailure*> {
  std::vector<const StepFailure*> failures;
  for (const auto& failure : test.engines[engine].failures) failures.push_back(&failure);
  if (engine + 1 == test.engines.size()) {
    for (const auto& failure : test.differences) failures.push_back(&failure);
  }
  return failures;
}

auto CaseXml(const TestResult& test, size_t engine, const SourceManager& sources) -> std::string {
  const auto failures = FailuresOf(test, engine);
  // No place of its own: the schema has none, and a failure says where.
  std::string text = fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"{}\"", EscapeXml(test.file), EscapeXml(test.title),
                                 Seconds(test.engines[engine].time));
  if (failures.empty()) return text + "/>\n";
  text += ">\n";
  for (const auto* failure : failures) text += FailureXml(*failure, sources);
  text += "      <system-out>";
  for (const auto* failure : failures) {
    for (const auto& line : failure->why) text += EscapeXml(line) + "&#10;";
  }
  return text + "</system-out>\n    </testcase>\n";
}

struct SuiteXml {
  std::string text;
  size_t failures = 0;
  std::chrono::microseconds time = {};
};

auto EngineXml(const SuiteResult& suite, size_t engine, const SourceManager& sources) -> SuiteXml {
  SuiteXml xml;
  std::string cases;
  for (const auto& test : suite.tests) {
    xml.failures += FailuresOf(test, engine).empty() ? 0 : 1;
    xml.time += test.engines[engine].time;
    cases += CaseXml(test, engine, sources);
  }
  xml.text =
      fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\" time=\"{}\">\n{}  </testsuite>\n",
                  EscapeXml(suite.tests[0].engines[engine].engine), suite.tests.size(), xml.failures, Seconds(xml.time), cases);
  return xml;
}

}  // namespace

auto FormatJunit(const SuiteResult& suite, const SourceManager& sources) -> std::string {
  std::string suites;
  size_t tests = 0;
  size_t failures = 0;
  std::chrono::microseconds time = {};
  const size_t engines = suite.tests.empty() ? 0 : suite.tests[0].engines.size();
  for (size_t engine = 0; engine < engines; ++engine) {
    const auto xml = EngineXml(suite, engine, sources);
    suites += xml.text;
    tests += suite.tests.size();
    failures += xml.failures;
    time += xml.time;
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"remit\" tests=\"{}\" failures=\"{}\" errors=\"0\" "
      "time=\"{}\">\n{}</testsuites>\n",
      tests, failures, Seconds(time), suites);
}

}  // namespace remit::tests
