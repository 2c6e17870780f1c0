#include <fmt/format.h>

#include <algorithm>

#include "compiler/coverage/lines.h"
#include "compiler/coverage/report.h"
#include "compiler/source/xml.h"

namespace remit::coverage {
namespace {

constexpr std::string_view kHead = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<title>Policy coverage</title>
<style>
:root { --good: #d9f2df; --part: #fdf0c8; --bad: #fbdcdc; --line: #d5d8dd; --dim: #6a717c; --ink: #1c1f24; --paper: #fff; }
@media (prefers-color-scheme: dark) { :root { --good: #173d24; --part: #4a3d10; --bad: #552020; --line: #3a3f47; --dim: #9aa1ac; --ink: #e6e8eb; --paper: #16181c; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 78rem; padding: 0 1rem; color: var(--ink); background: var(--paper); }
table { border-collapse: collapse; }
th { text-align: left; color: var(--dim); font-weight: 600; }
th, td { padding: .15rem .8rem .15rem .4rem; border-bottom: 1px solid var(--line); }
td.n { text-align: right; font-variant-numeric: tabular-nums; }
table.source { font: 13px/1.5 ui-monospace, monospace; width: 100%; }
table.source td { border: 0; padding: 0 .5rem; white-space: pre-wrap; overflow-wrap: anywhere; }
table.source td.n { color: var(--dim); white-space: nowrap; width: 1%; }
.good { background: var(--good); } .part { background: var(--part); } .bad { background: var(--bad); }
.note { color: var(--dim); font-style: italic; }
</style>
</head>
<body>
<h1>Policy coverage</h1>
)html";

auto ClassOf(const Ratio& ratio) -> std::string_view {
  if (ratio.covered == ratio.total) return "good";
  return ratio.covered == 0 ? "bad" : "part";
}

auto RatioCell(const Ratio& ratio) -> std::string {
  if (ratio.total == 0) return "<td class=\"n\">–</td>";
  return fmt::format("<td class=\"n {}\">{}/{}</td>", ClassOf(ratio), ratio.covered, ratio.total);
}

auto Summary(const Coverage& coverage) -> std::string {
  const Totals totals = TotalsOf(coverage);
  std::string text = fmt::format("<p><strong>{}</strong> of everything that tests can reach.</p>\n", PercentText(totals.percent()));
  text += "<table>\n<tr><th></th><th>covered</th></tr>\n";
  text += fmt::format("<tr><td>statements satisfied</td>{}</tr>\n", RatioCell(totals.statements));
  text += fmt::format("<tr><td>clauses reached</td>{}</tr>\n", RatioCell(totals.clauses));
  text += fmt::format("<tr><td>sides of conditions</td>{}</tr>\n</table>\n", RatioCell(totals.branches));
  return text;
}

auto StatementTable(const Coverage& coverage) -> std::string {
  std::string text =
      "<h2>Statements</h2>\n<table>\n<tr><th>statement</th><th>evaluated</th><th>satisfied</th><th>clauses</th><th>conditions</th></tr>\n";
  for (const auto& statement : coverage) {
    const Totals totals = TotalsOf(statement);
    text += fmt::format("<tr><td>{} {}</td><td class=\"n\">{}</td><td class=\"n {}\">{}</td>{}{}</tr>\n", EscapeXml(statement.keyword),
                        EscapeXml(statement.id), statement.evaluated, statement.satisfied > 0 ? "good" : "bad", statement.satisfied,
                        RatioCell(totals.clauses), RatioCell(totals.branches));
  }
  return text + "</table>\n";
}

// What was never so on this line, in words.
auto NotesOf(const Line& line, const SourceManager& sources) -> std::string {
  std::string text;
  const auto note = [&](const std::string& words) { text += (text.empty() ? "" : "; ") + words; };
  for (const auto* clause : line.unreached) note(fmt::format("{} never reached", clause->name));
  for (const auto* branch : line.branches) {
    if (branch->was_true == 0) note(fmt::format("{} never true", sources.text(branch->span)));
    if (branch->was_false == 0) note(fmt::format("{} never false", sources.text(branch->span)));
  }
  return text;
}

auto LineRow(uint32_t number, std::string_view source, const Line* line, const SourceManager& sources) -> std::string {
  if (line == nullptr) return fmt::format("<tr><td class=\"n\">{}</td><td class=\"n\"></td><td>{}</td></tr>\n", number, EscapeXml(source));
  const auto notes = NotesOf(*line, sources);
  const auto state = line->hits == 0 ? "bad" : notes.empty() ? "good" : "part";
  const auto shown = notes.empty() ? "" : fmt::format("  <span class=\"note\">{}</span>", EscapeXml(notes));
  return fmt::format("<tr class=\"{}\"><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}{}</td></tr>\n", state, number, line->hits,
                     EscapeXml(source), shown);
}

auto FileSection(const FileCoverage& coverage, const SourceManager& sources) -> std::string {
  const auto& file = sources.file(coverage.file);
  std::string text = fmt::format("<h2>{}</h2>\n<table class=\"source\">\n", EscapeXml(file.name()));
  const uint32_t last = file.locate(static_cast<uint32_t>(file.text().size())).line;
  for (uint32_t number = 1; number <= last; ++number) {
    const auto line = coverage.lines.find(number);
    text += LineRow(number, file.line_text(number), line == coverage.lines.end() ? nullptr : &line->second, sources);
  }
  return text + "</table>\n";
}

}  // namespace

auto FormatHtml(const Coverage& coverage, const SourceManager& sources) -> std::string {
  std::string text{kHead};
  text += Summary(coverage);
  text += StatementTable(coverage);
  for (const auto& file : ByLine(coverage, sources)) text += FileSection(file, sources);
  return text + "</body>\n</html>\n";
}

}  // namespace remit::coverage
