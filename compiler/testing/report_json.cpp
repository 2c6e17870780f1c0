#include <nlohmann/json.hpp>

#include "compiler/testing/report.h"

namespace remit::tests {
namespace {

using Json = nlohmann::ordered_json;

auto FailureJson(const StepFailure& failure, const SourceManager& sources) -> Json {
  Json json = {{"code", FailureCode(failure.kind)}, {"message", failure.message}};
  if (!failure.help.empty()) json["help"] = failure.help;
  if (failure.span.has_place()) {
    const auto& file = sources.file(failure.span.file);
    const auto place = file.locate(failure.span.begin);
    json["file"] = file.name();
    json["line"] = place.line;
    json["column"] = place.column;
  }
  json["why"] = failure.why;
  return json;
}

auto FailuresJson(const std::vector<StepFailure>& failures, const SourceManager& sources) -> Json {
  Json json = Json::array();
  for (const auto& failure : failures) json.push_back(FailureJson(failure, sources));
  return json;
}

auto TestJson(const TestResult& test, const SourceManager& sources) -> Json {
  Json engines = Json::array();
  for (const auto& engine : test.engines) {
    engines.push_back({{"engine", engine.engine},
                       {"passed", engine.failures.empty()},
                       {"microseconds", engine.time.count()},
                       {"failures", FailuresJson(engine.failures, sources)}});
  }
  Json json = {{"title", test.title}, {"file", test.file}, {"line", test.line}, {"passed", test.passed()}};
  json["engines"] = std::move(engines);
  json["differences"] = FailuresJson(test.differences, sources);
  return json;
}

}  // namespace

auto FormatJson(const SuiteResult& suite, const SourceManager& sources) -> std::string {
  Json tests = Json::array();
  for (const auto& test : suite.tests) tests.push_back(TestJson(test, sources));
  Json json;
  json["tests"] = std::move(tests);
  json["passed"] = suite.passed();
  json["failed"] = suite.failed();
  json["leftOut"] = suite.left_out;
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + '\n';
}

}  // namespace remit::tests
