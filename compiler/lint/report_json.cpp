#include <nlohmann/json.hpp>

#include "compiler/lint/report.h"

namespace remit::lint {
namespace {

using Json = nlohmann::ordered_json;

auto SpanJson(Span span, const SourceManager& sources) -> Json {
  const auto& file = sources.file(span.file);
  const auto begin = file.locate(span.begin);
  const auto end = file.locate(span.end);
  return {{"start", span.begin},    {"end", span.end},     {"line", begin.line},
          {"column", begin.column}, {"endLine", end.line}, {"endColumn", end.column}};
}

auto FindingJson(const Finding& finding, const SourceManager& sources) -> Json {
  const auto& row = RowOf(finding.rule);
  Json json = {
      {"code", row.code}, {"level", LevelName(finding.level)}, {"category", CategoryName(row.category)}, {"message", finding.message}};
  if (!finding.help.empty()) json["help"] = finding.help;
  if (!finding.statement.empty()) json["statement"] = finding.statement;
  if (finding.span.has_place()) {
    json["file"] = sources.file(finding.span.file).name();
    json["span"] = SpanJson(finding.span, sources);
  }
  for (const auto& edit : finding.fix) json["fix"].push_back({{"span", SpanJson(edit.span, sources)}, {"text", edit.text}});
  return json;
}

}  // namespace

auto FormatJson(const LintReport& report, const SourceManager& sources) -> std::string {
  Json json = {{"findings", Json::array()}};
  for (const auto& finding : report.findings) json["findings"].push_back(FindingJson(finding, sources));
  json["errors"] = report.Count(Level::Error);
  json["warnings"] = report.Count(Level::Warning);
  json["infos"] = report.Count(Level::Info);
  json["allowed"] = report.allowed;
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace remit::lint
