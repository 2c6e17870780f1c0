// The reports that are lines or XML: what is found where, and nothing more.
#include <fmt/format.h>

#include <map>

#include "compiler/lint/report.h"
#include "compiler/source/xml.h"

namespace remit::lint {
namespace {

struct Place {
  std::string file;
  LineColumn begin, end;
};

// What has no place is told of the statement, at the first line of nothing.
auto PlaceOf(const Finding& finding, const SourceManager& sources) -> Place {
  if (!finding.span.has_place()) return {.file = finding.statement, .begin = {}, .end = {}};
  const auto& file = sources.file(finding.span.file);
  return {.file = file.name(), .begin = file.locate(finding.span.begin), .end = file.locate(finding.span.end)};
}

using ByFile = std::map<std::string, std::vector<const Finding*>>;

// Files without findings too, so that what was looked at shows.
auto GroupByFile(const LintReport& report, const SourceManager& sources) -> ByFile {
  ByFile files;
  for (uint32_t i = 0; i < sources.size(); ++i) files[sources.file({i}).name()];
  for (const auto& finding : report.findings) files[PlaceOf(finding, sources).file].push_back(&finding);
  return files;
}

// https://docs.github.com/actions, "Workflow commands": `%`, CR and LF are escaped, in properties `:` and `,` too.
auto GithubText(std::string_view text, bool is_property) -> std::string {
  std::string escaped;
  for (const char c : text) {
    const bool is_special = c == '%' || c == '\r' || c == '\n' || (is_property && (c == ':' || c == ','));
    escaped += is_special ? fmt::format("%{:02X}", static_cast<uint8_t>(c)) : std::string(1, c);
  }
  return escaped;
}

auto GithubCommand(Level level) -> std::string_view {
  return level == Level::Error ? "error" : level == Level::Warning ? "warning" : "notice";
}

auto Message(const Finding& finding) -> std::string {
  return finding.help.empty() ? finding.message : fmt::format("{}\nhelp: {}", finding.message, finding.help);
}

}  // namespace

auto FormatGithub(const LintReport& report, const SourceManager& sources) -> std::string {
  std::string text;
  for (const auto& finding : report.findings) {
    const auto place = PlaceOf(finding, sources);
    text += fmt::format("::{} file={},line={},col={},endLine={},endColumn={},title={}::{}\n", GithubCommand(finding.level),
                        GithubText(place.file, true), place.begin.line, place.begin.column, place.end.line, place.end.column,
                        GithubText(RowOf(finding.rule).code, true), GithubText(Message(finding), false));
  }
  return text;
}

auto FormatCheckstyle(const LintReport& report, const SourceManager& sources) -> std::string {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n";
  for (const auto& [file, findings] : GroupByFile(report, sources)) {
    text += fmt::format("  <file name=\"{}\">\n", EscapeXml(file));
    for (const auto* finding : findings) {
      const auto at = PlaceOf(*finding, sources).begin;
      text += fmt::format("    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"{}\" source=\"remit.{}\"/>\n", at.line, at.column,
                          LevelName(finding->level), EscapeXml(Message(*finding)), RowOf(finding->rule).code);
    }
    text += "  </file>\n";
  }
  return text + "</checkstyle>\n";
}

auto FormatJunit(const LintReport& report, const SourceManager& sources) -> std::string {
  std::string cases;
  size_t tests = 0;
  size_t failures = 0;
  for (const auto& [file, findings] : GroupByFile(report, sources)) {
    if (findings.empty()) {
      ++tests;
      cases += fmt::format("    <testcase classname=\"remit.lint\" name=\"{}\" time=\"0\"/>\n", EscapeXml(file));
    }
    for (const auto* finding : findings) {
      ++tests;
      ++failures;
      const auto at = PlaceOf(*finding, sources).begin;
      cases += fmt::format(
          "    <testcase classname=\"remit.lint\" name=\"{0}:{1}:{2} {3}\" time=\"0\">\n      <failure message=\"{4}\" "
          "type=\"{3}\">{4}</failure>\n    </testcase>\n",
          EscapeXml(file), at.line, at.column, RowOf(finding->rule).code, EscapeXml(Message(*finding)));
    }
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"remit lint\" tests=\"{0}\" failures=\"{1}\" errors=\"0\" "
      "time=\"0\">\n"
      "  <testsuite name=\"remit lint\" tests=\"{0}\" failures=\"{1}\" errors=\"0\" skipped=\"0\" time=\"0\">\n{2}  "
      "</testsuite>\n</testsuites>\n",
      tests, failures, cases);
}

}  // namespace remit::lint
