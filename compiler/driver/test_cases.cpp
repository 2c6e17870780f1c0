#include "compiler/driver/test_cases.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "compiler/driver/compile_job.h"
#include "compiler/driver/decide.h"
#include "compiler/driver/expected_validation.h"
#include "compiler/driver/files.h"
#include "compiler/driver/soundness.h"

namespace remit {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;
using Ids = std::set<std::string>;

struct Answer {
  std::string decision;
  Ids reason;
  Ids errors;
  friend auto operator==(const Answer&, const Answer&) -> bool = default;
};

auto FormatAnswer(const Answer& answer) -> std::string {
  return fmt::format("{} reason [{}] errors [{}]", answer.decision, fmt::join(answer.reason, ", "), fmt::join(answer.errors, ", "));
}

// One case with its texts in hand, whatever form it came in.
struct TestCase {
  std::string name;
  std::string policies;
  PolicyFormat policy_format = PolicyFormat::Text;
  std::string entities;
  std::string schema;  // empty: none
  Json requests;
  std::string reject;
  std::optional<bool> should_validate = std::nullopt;
  Json validation = nullptr;
  bool sound = false;
};

auto ParseJson(std::string_view text, const std::string& name) -> Expected<Json> {
  auto json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return Fail("invalid-json", fmt::format("`{}` is not JSON", name));
  return json;
}

auto IsCaseDocument(const Json& json) -> bool { return json.is_object() && json.contains("policies") && json.contains("requests"); }

// Paths in a case are relative to a folder above it; the nearest one that has the file is meant.
auto ResolvePath(const fs::path& case_file, const std::string& relative) -> fs::path {
  std::error_code error;
  for (auto folder = fs::absolute(case_file, error).parent_path();; folder = folder.parent_path()) {
    if (fs::exists(folder / relative, error)) return folder / relative;
    if (folder == folder.parent_path()) return relative;
  }
}

auto ReadCaseFile(const fs::path& path, const Json& json, const Limits& limits) -> Expected<TestCase> {
  TestCase result{.name = path.string(), .policies = {}, .entities = {}, .schema = {}, .requests = json["requests"], .reject = {}};
  const auto read = [&](const char* member, std::string& out) -> Expected<void> {
    auto text = ReadTextFile(ResolvePath(path, json.value(member, "")).string(), limits.max_json_bytes);
    if (!text) return std::unexpected(text.error());
    out = std::move(*text);
    return {};
  };
  if (json.value("policyFormat", "cedar") == "json") result.policy_format = PolicyFormat::Json;
  if (auto done = read("policies", result.policies); !done) return std::unexpected(done.error());
  if (auto done = read("entities", result.entities); !done) return std::unexpected(done.error());
  if (json.contains("schema")) {
    if (auto done = read("schema", result.schema); !done) return std::unexpected(done.error());
  }
  if (json.contains("shouldValidate")) result.should_validate = json["shouldValidate"].get<bool>();
  return result;
}

// A document of a line is a value, or its text in a string where reading it here would lose something: a repeated key, `-0`, `1e400`.
auto TextOf(const Json& document) -> std::string { return document.is_string() ? document.get<std::string>() : document.dump(); }

auto ReadCaseLine(const Json& json, const std::string& fallback_name) -> Expected<TestCase> {
  if (!json.is_object() || !json.contains("policySet") || !json.contains("entities")) {
    return Fail("invalid-case", "a case needs `policySet` and `entities`");
  }
  return TestCase{.name = json.value("name", fallback_name),
                  .policies = TextOf(json["policySet"]),
                  .policy_format = PolicyFormat::Json,
                  .entities = TextOf(json["entities"]),
                  .schema = json.contains("schema") ? TextOf(json["schema"]) : "",
                  .requests = json.value("requests", Json::array()),
                  .reject = json.value("reject", ""),
                  .validation = json.value("validation", Json(nullptr)),
                  .sound = json.value("sound", false)};
}

auto RequestJson(const Json& request) -> std::string {
  Json document;
  for (const char* member : {"principal", "action", "resource", "context"}) {
    if (request.contains(member)) document[member] = request[member];
  }
  std::string text = document.dump();
  if (request.contains("contextText"))
    text.replace(text.size() - 1, 1, fmt::format(",\"context\":{}}}", request["contextText"].get<std::string>()));
  return text;
}

auto ExpectedAnswer(const Json& request) -> Answer {
  return {.decision = request.value("decision", ""), .reason = request.value("reason", Ids{}), .errors = request.value("errors", Ids{})};
}

auto ActualAnswer(const RequestDecider& decider, const Decision& decision) -> Answer {
  Answer answer{.decision = decision.allowed() ? "allow" : "deny", .reason = {}, .errors = {}};
  for (const uint32_t policy : decision.determining) answer.reason.emplace(decider.policy_id(policy));
  for (const auto& error : decision.errors) answer.errors.emplace(decider.policy_id(error.policy));
  return answer;
}

class CaseRunner {
 public:
  CaseRunner(const Limits& limits, const CaseEngines& engines, CaseSummary& summary,
             const std::function<void(const CaseFailure&)>& on_failure)
      : limits_(limits), engines_(engines), summary_(summary), on_failure_(on_failure) {}

  void Run(const TestCase& test) {
    ++summary_.cases;
    CompileJob job(limits_);
    std::optional<Schema> schema;
    if (!test.schema.empty() || test.reject == "schema") schema = LoadSchema(job, test.name + " schema", test.schema);
    if (test.reject == "schema") return Expect(test, !schema.has_value(), "the schema should have been refused");
    if (!test.schema.empty() && !schema) return FailAll(test, "the schema was refused: " + FirstDiagnostic(job));

    const bool parsed = LoadPolicies(job, test.name, test.policies, test.policy_format);
    auto program = parsed ? CompileProgram(job, ast::IdConvention::Cedar, schema ? &*schema : nullptr) : std::nullopt;
    if (test.reject == "policies") return Expect(test, !program.has_value(), "the policies should have been refused");
    if (!program) return FailAll(test, "the policies were refused: " + FirstDiagnostic(job));

    if (schema) RunValidation(test, job, *schema);

    const auto entities = LoadEntities(job, "entities", test.entities, schema ? &*schema : nullptr);
    if (test.reject == "entities") return Expect(test, !entities.has_value(), "the entities should have been refused");
    if (!entities) return FailAll(test, "the entities were refused: " + FirstDiagnostic(job));

    Ids checked;
    if (test.sound && schema) checked = CheckedPolicies(job, AssignIds(job.ast, job.interner, ast::IdConvention::Cedar), *schema);
    const PolicyEnvironment interpreted = {
        .program = *program, .entities = *entities, .interner = job.interner, .schema = schema ? &*schema : nullptr};
    PolicyEnvironment general = interpreted;
    general.use_environments = false;
    PolicyEnvironment native = interpreted;
    native.native = engines_.native;
    std::vector<std::unique_ptr<RequestDecider>> deciders;
    if (engines_.interpreter) deciders.push_back(std::make_unique<RequestDecider>(interpreted, limits_));
    // What is specialised for the environments of the schema makes no difference.
    if (engines_.interpreter && schema) deciders.push_back(std::make_unique<RequestDecider>(general, limits_));
    if (engines_.native != nullptr) deciders.push_back(std::make_unique<RequestDecider>(native, limits_));
    for (size_t i = 0; i < test.requests.size(); ++i) RunRequest(test, deciders, checked, i);
  }

  void FailToLoad(const std::string& name, const Error& error) { Fail(name, FormatError(error)); }

 private:
  void RunValidation(const TestCase& test, const CompileJob& job, const Schema& schema) {
    const auto ids = AssignIds(job.ast, job.interner, ast::IdConvention::Cedar);
    if (test.should_validate) Expect(test, CompareShouldValidate(job, ids, schema, *test.should_validate));
    if (test.validation.is_null()) return;
    for (const auto& difference : CompareValidation(job, ids, schema, test.validation)) Expect(test, difference);
  }

  // Passes if every engine answers as expected, and all in the same words.
  void RunRequest(const TestCase& test, const std::vector<std::unique_ptr<RequestDecider>>& deciders, const Ids& checked, size_t index) {
    const Json& request = test.requests[index];
    const auto name = fmt::format("{}: {}", test.name, request.value("description", fmt::format("request {}", index)));
    std::optional<Decision> first;
    for (const auto& decider : deciders) {
      const auto answer = decider->Decide(RequestJson(request), std::nullopt, request.value("validateRequest", true));
      const auto problem = ProblemOf(test, answer, *decider, checked, request);
      if (!problem.empty()) return Fail(name, problem);
      if (answer && !first) first = answer->decision;
      if (answer && *first != answer->decision) return Fail(name, DifferenceOf(*first, answer->decision, *decider));
    }
    Pass();
  }

  // Empty: none.
  static auto ProblemOf(const TestCase& test, const Expected<RequestAnswer>& answer, const RequestDecider& decider, const Ids& checked,
                        const Json& request) -> std::string {
    if (test.reject == "context" || test.reject == "request") return answer ? "the request should have been refused" : "";
    if (!answer) return "the request was refused: " + FormatError(answer.error());
    if (answer->interpreted > 0) return "native code left something to the interpreter";
    if (const auto unsound = UnsoundErrors(decider, answer->decision, checked); !unsound.empty()) return "unsound:" + unsound;
    const Answer expected = ExpectedAnswer(request);
    const Answer actual = ActualAnswer(decider, answer->decision);
    if (actual == expected) return {};
    std::string detail = fmt::format("expected {}, {} got {}", FormatAnswer(expected), decider.engine_name(), FormatAnswer(actual));
    for (const auto& error : answer->decision.errors) detail += fmt::format("\n  {}: {}", decider.policy_id(error.policy), error.message);
    return detail;
  }

  static auto DifferenceOf(const Decision& first, const Decision& other, const RequestDecider& decider) -> std::string {
    std::string detail = fmt::format("{} differs from the interpreter with types in what it says of errors", decider.engine_name());
    for (const auto* decision : {&first, &other}) {
      detail += "\n --";
      for (const auto& error : decision->errors) {
        detail += fmt::format("\n  {} at {}-{}: {} ({})", decider.policy_id(error.policy), error.span_begin, error.span_end, error.message,
                              error.help);
      }
    }
    return detail;
  }

  static auto FirstDiagnostic(const CompileJob& job) -> std::string {
    for (const auto& diagnostic : job.sink.diagnostics()) {
      if (CodeSeverity(diagnostic.code) == Severity::Error) return FormatDiagnostic(diagnostic, job.sources);
    }
    return "no diagnostic";
  }

  void Expect(const TestCase& test, bool condition, const std::string& detail) { condition ? Pass() : Fail(test.name, detail); }
  void Expect(const TestCase& test, const std::string& difference) { Expect(test, difference.empty(), difference); }
  void Pass() { ++summary_.passed; }
  void Fail(const std::string& name, const std::string& detail) {
    ++summary_.failed;
    on_failure_({.name = name, .detail = detail});
  }
  void FailAll(const TestCase& test, const std::string& detail) {
    Fail(test.name, detail);
    if (test.requests.size() > 1) summary_.failed += test.requests.size() - 1;
  }

  Limits limits_;
  CaseEngines engines_;
  CaseSummary& summary_;
  const std::function<void(const CaseFailure&)>& on_failure_;
};

// nlohmann throws where a member has another type than asked for: that is a malformed case.
void RunJson(const std::string& name, const Expected<Json>& json, CaseRunner& runner,
             const std::function<Expected<TestCase>()>& read_case) {
  if (!json) return runner.FailToLoad(name, json.error());
  try {
    const auto test = read_case();
    test ? runner.Run(*test) : runner.FailToLoad(name, test.error());
  } catch (const Json::exception& exception) {
    runner.FailToLoad(name, {.code = "invalid-case", .message = exception.what(), .pointer = {}, .help = {}});
  }
}

auto RunLines(const std::string& path, const Limits& limits, CaseRunner& runner) -> Expected<void> {
  auto lines = LineReader::Open(path, limits.max_json_bytes);
  if (!lines) return std::unexpected(lines.error());
  for (uint64_t number = 1;; ++number) {
    const auto line = lines->Next();
    if (!line) return std::unexpected(line.error());
    if (!*line) return {};
    if ((*line)->empty()) continue;
    const auto name = fmt::format("{}:{}", path, number);
    const auto json = ParseJson(**line, name);
    RunJson(name, json, runner, [&] { return ReadCaseLine(*json, name); });
  }
}

// JSON of a folder that is no case (entities, links) is passed over.
void RunFile(const fs::path& path, const Limits& limits, CaseRunner& runner) {
  const auto text = ReadTextFile(path.string(), limits.max_json_bytes);
  const auto json = text ? ParseJson(*text, path.string()) : std::unexpected(text.error());
  if (json && !IsCaseDocument(*json)) return;
  RunJson(path.string(), json, runner, [&] { return ReadCaseFile(path, *json, limits); });
}

auto ListCaseFiles(const std::string& path) -> std::vector<fs::path> {
  std::vector<fs::path> files;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(path, error)) {
    const auto name = entry.path().filename().string();
    if (name.ends_with(".json") && !name.ends_with(".entities.json")) files.push_back(entry.path());
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

auto FailureJson(const CaseFailure& failure) -> std::string {
  return nlohmann::ordered_json{{"name", failure.name}, {"detail", failure.detail}}.dump(-1, ' ', false, Json::error_handler_t::replace);
}

auto RunTestCases(const std::string& path, const Limits& limits, const CaseEngines& engines, CaseSummary& summary,
                  const std::function<void(const CaseFailure&)>& on_failure) -> Expected<void> {
  CaseRunner runner(limits, engines, summary, on_failure);
  const uint64_t before = summary.passed + summary.failed;
  std::error_code error;
  if (fs::is_directory(path, error)) {
    for (const auto& file : ListCaseFiles(path)) RunFile(file, limits, runner);
  } else if (path == "-" || path.ends_with(".jsonl")) {
    if (auto done = RunLines(path, limits, runner); !done) return done;
  } else if (!fs::exists(path, error)) {
    return Fail("cannot-read", fmt::format("cannot read `{}`: no such file or folder", path));
  } else {
    RunFile(path, limits, runner);
  }
  if (summary.passed + summary.failed == before) return Fail("no-cases", fmt::format("`{}` has no test case", path));
  return {};
}

}  // namespace remit
