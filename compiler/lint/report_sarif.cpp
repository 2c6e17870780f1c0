// Source: Static Analysis Results Interchange Format (SARIF) Version 2.1.0, OASIS Standard: 3.13 (log), 3.19 (tool component), 3.27 (result),
// 3.30 (region), 3.55 (fix).
#include <nlohmann/json.hpp>
#include <set>

#include "compiler/lint/report.h"
#include "runtime/base/text.h"

namespace remit::lint {
namespace {

using Json = nlohmann::ordered_json;

auto SarifLevel(Level level) -> std::string_view {
  switch (level) {
    case Level::Off: return "none";
    case Level::Info: return "note";
    case Level::Warning: return "warning";
    case Level::Error: return "error";
  }
  return "none";
}

// One-based, in UTF-16 code units.
auto ColumnOf(const SourceFile& file, uint32_t offset) -> uint32_t {
  const auto text = file.text();
  size_t at = file.line_begin(file.locate(offset).line);
  uint32_t column = 1;
  while (at < offset && at < text.size()) column += DecodeUtf8(text, at) > 0xFFFF ? 2 : 1;
  return column;
}

auto Region(const SourceFile& file, Span span) -> Json {
  return {{"startLine", file.locate(span.begin).line},
          {"startColumn", ColumnOf(file, span.begin)},
          {"endLine", file.locate(span.end).line},
          {"endColumn", ColumnOf(file, span.end)},
          {"byteOffset", span.begin},
          {"byteLength", span.end - span.begin}};
}

// A file's name as the reference that a URI must be (RFC 3986).
auto Uri(std::string_view name) -> std::string {
  std::string uri = name.starts_with('/') ? "file://" : "";
  for (const char c : name) {
    const auto byte = static_cast<uint8_t>(c);
    const bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                          std::string_view("/-._~").find(c) != std::string_view::npos;
    uri += is_plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return uri;
}

auto Artifact(const SourceFile& file) -> Json { return {{"uri", Uri(file.name())}}; }

auto FixJson(const Finding& finding, const SourceManager& sources) -> Json {
  Json replacements = Json::array();
  for (const auto& edit : finding.fix) {
    replacements.push_back(
        {{"deletedRegion", Region(sources.file(edit.span.file), edit.span)}, {"insertedContent", {{"text", edit.text}}}});
  }
  const auto& file = sources.file(finding.fix[0].span.file);
  return {{"description", {{"text", std::string(RowOf(finding.rule).why)}}},
          {"artifactChanges", Json::array({{{"artifactLocation", Artifact(file)}, {"replacements", replacements}}})}};
}

auto ResultJson(const Finding& finding, const SourceManager& sources) -> Json {
  Json result = {{"ruleId", RowOf(finding.rule).code},
                 {"ruleIndex", static_cast<size_t>(finding.rule)},
                 {"level", SarifLevel(finding.level)},
                 {"message", {{"text", finding.help.empty() ? finding.message : finding.message + "\n" + finding.help}}}};
  Json location = Json::object();
  if (finding.span.has_place()) {
    const auto& file = sources.file(finding.span.file);
    location["physicalLocation"] = {{"artifactLocation", Artifact(file)}, {"region", Region(file, finding.span)}};
  }
  if (!finding.statement.empty()) location["logicalLocations"] = Json::array({{{"name", finding.statement}}});
  if (!location.empty()) result["locations"] = Json::array({location});
  if (!finding.fix.empty()) result["fixes"] = Json::array({FixJson(finding, sources)});
  return result;
}

auto RuleJson(const RuleRow& row) -> Json {
  return {{"id", row.code},
          {"name", row.code},
          {"shortDescription", {{"text", std::string(row.message)}}},
          {"fullDescription", {{"text", std::string(row.why)}}},
          {"help", {{"text", std::string(row.why)}, {"markdown", RulePage(row)}}},
          {"defaultConfiguration", {{"enabled", row.level != Level::Off}, {"level", SarifLevel(row.level)}}},
          {"properties", {{"category", CategoryName(row.category)}}}};
}

}  // namespace

auto FormatSarif(const LintReport& report, const SourceManager& sources, std::string_view version) -> std::string {
  Json rules = Json::array();
  for (const auto& row : AllRules()) rules.push_back(RuleJson(row));
  Json results = Json::array();
  for (const auto& finding : report.findings) results.push_back(ResultJson(finding, sources));
  const Json driver = {{"name", "remit"}, {"semanticVersion", version}, {"rules", rules}};
  const Json log = {{"$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"},
                    {"version", "2.1.0"},
                    {"runs", Json::array({{{"tool", {{"driver", driver}}}, {"columnKind", "utf16CodeUnits"}, {"results", results}}})}};
  return log.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace remit::lint
