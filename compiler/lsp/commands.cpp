// Code lenses over tests and statements, and the commands behind them.
#include <fmt/format.h>

#include <set>

#include "compiler/lint/report.h"
#include "compiler/lsp/features.h"
#include "compiler/lsp/run_tests.h"

namespace remit::lsp {
namespace {

auto Lens(const Json& range, std::string title, Json argument) -> Json {
  return {{"range", range},
          {"command", {{"title", std::move(title)}, {"command", "remit.runTest"}, {"arguments", Json::array({std::move(argument)})}}}};
}

}  // namespace

// Over each test, to run it; over the first one of a file, to run all of that file's.
auto CodeLenses(Session& session, const Json& params) -> Answer {
  const auto target = TargetOf(session, params);
  if (!target) return Json();
  Json lenses = Json::array();
  const auto [first, last] = target.project->StatementsOf(*target.file);
  for (uint32_t i = first; i < last; ++i) {
    const auto& statement = target.project->ast().statements[i];
    const auto* test = std::get_if<ast::Test>(&statement.body);
    if (test == nullptr) continue;
    const auto title = std::string(target.project->job().interner.text(test->title));
    auto range = target.project->PlaceOf(statement.span).range;
    range.end = range.begin;
    const auto place = RangeJson(session, target.document->text, range);
    if (lenses.empty()) lenses.push_back(Lens(place, "run all tests of this file", {{"uri", target.document->uri}}));
    lenses.push_back(Lens(place, "run test", {{"uri", target.document->uri}, {"title", title}}));
  }
  return lenses;
}

auto RunTestCommand(Session& session, const Json& argument) -> Answer {
  const auto target = TargetOf(session, {{"textDocument", {{"uri", argument.at("uri")}}}});
  if (!target) return std::unexpected(Failure{.code = ErrorCode::RequestFailed, .message = "there is no such document"});
  std::set<std::string, std::less<>> titles;
  if (argument.contains("title")) {
    titles.insert(argument.at("title").get<std::string>());
  } else {
    const auto [first, last] = target.project->StatementsOf(*target.file);
    for (uint32_t i = first; i < last; ++i) {
      const auto* test = std::get_if<ast::Test>(&target.project->ast().statements[i].body);
      if (test != nullptr) titles.emplace(target.project->job().interner.text(test->title));
    }
  }
  const auto answer = RunTests(*target.project, [&](std::string_view title) { return titles.contains(title); });
  if (!answer) return std::unexpected(Failure{.code = ErrorCode::RequestFailed, .message = answer.error()});
  return Json{{"passed", answer->passed}, {"failed", answer->failed}, {"report", answer->report}};
}

auto ExplainRuleCommand(const Json& argument) -> Answer {
  const auto code = argument.at("code").get<std::string>();
  const auto rule = lint::FindRule(code);
  if (!rule) return std::unexpected(Failure{.code = ErrorCode::RequestFailed, .message = fmt::format("there is no rule `{}`", code)});
  return Json{{"markdown", lint::RulePage(lint::RowOf(*rule))}};
}

}  // namespace remit::lsp
