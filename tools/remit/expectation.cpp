#include "tools/remit/expectation.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

namespace remit::cli {
namespace {

auto ErrorIds(const nlohmann::json& errors) -> std::set<std::string> {
  std::set<std::string> ids;
  for (const auto& error : errors) ids.insert(error.is_object() ? error.value("policyId", "") : error.get<std::string>());
  return ids;
}

// The first member in which the answer differs, as a sentence; empty if there is none.
auto Difference(const nlohmann::json& expected, const nlohmann::json& actual) -> std::string {
  for (const char* member : {"id", "decision", "outcome"}) {
    if (expected.contains(member) && expected[member] != actual.value(member, nlohmann::json{})) {
      return fmt::format("expected {} {}, got {}", member, expected[member].dump(), actual.value(member, nlohmann::json{}).dump());
    }
  }
  if (expected.contains("reason") && expected["reason"].get<std::set<std::string>>() != actual["reason"].get<std::set<std::string>>()) {
    return fmt::format("expected reason {}, got {}", expected["reason"].dump(), actual["reason"].dump());
  }
  if (expected.contains("errors") && ErrorIds(expected["errors"]) != ErrorIds(actual["errors"])) {
    return fmt::format("expected errors {}, got {}", expected["errors"].dump(), actual["errors"].dump());
  }
  return "";
}

}  // namespace

auto Expectation::Open(const std::string& path, const Limits& limits) -> Expected<Expectation> {
  if (path.empty()) return Expectation(std::nullopt);
  auto lines = LineReader::Open(path, limits.max_request_bytes);
  if (!lines) return std::unexpected(lines.error());
  return Expectation(std::move(*lines));
}

void Expectation::Compare(const Expected<DecidedAnswer>& answer, const PolicyIds& ids) {
  if (!lines_) return;
  const auto line = lines_->Next();
  if (!line || !*line) return Fail("no expected line for this request");
  const auto expected = nlohmann::json::parse(**line, nullptr, false);
  if (!expected.is_object()) return Fail("the expected line is not a JSON object");
  if (!answer) return Fail("the request was refused: " + FormatError(answer.error()));
  try {
    const auto difference = Difference(expected, nlohmann::json::parse(AnswerJson(*answer, ids)));
    difference.empty() ? static_cast<void>(++passed_) : Fail(fmt::format("request `{}`: {}", answer->answer.request_id, difference));
  } catch (const nlohmann::json::exception& exception) {
    Fail(exception.what());
  }
}

auto Expectation::Finish() -> bool {
  if (!lines_) return true;
  for (auto line = lines_->Next(); line && *line; line = lines_->Next()) {
    if (!(*line)->empty()) Fail("an expected line without a request");
  }
  fmt::print("{} passed, {} failed\n", passed_, failed_);
  return failed_ == 0;
}

void Expectation::Fail(const std::string& message) {
  ++failed_;
  fmt::print(stderr, "mismatch: {}\n", message);
}

}  // namespace remit::cli
