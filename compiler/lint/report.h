// Findings for people and for the tools that read them. Pure functions; whoever calls them writes.
#pragma once

#include <string>
#include <string_view>

#include "compiler/lint/lint.h"

namespace remit::lint {

// As a compiler says it: place, level, code, message, the line, help.
auto FormatText(const LintReport& report, const SourceManager& sources, bool color) -> std::string;

// {"findings": [{"code", "level", "category", "message", "help"?, "statement"?, "file"?, "span"?, "fix"?: [{"span", "text"}]}], "allowed",
// "errors", "warnings", "infos"}
auto FormatJson(const LintReport& report, const SourceManager& sources) -> std::string;

// SARIF 2.1.0 (OASIS), with the rules that were looked for and fixes as replacements. Columns count UTF-16 code units, which is its default.
auto FormatSarif(const LintReport& report, const SourceManager& sources, std::string_view version) -> std::string;

// The XML that JUnit's runners write: a test case a file that was looked at, a failure a finding.
auto FormatJunit(const LintReport& report, const SourceManager& sources) -> std::string;

// Workflow commands of GitHub Actions: `::warning file=..,line=..::message`.
auto FormatGithub(const LintReport& report, const SourceManager& sources) -> std::string;

// The XML of Checkstyle, which many review tools read.
auto FormatCheckstyle(const LintReport& report, const SourceManager& sources) -> std::string;

// A rule as a page: what it finds, why that matters, an example of each kind. Markdown.
auto RulePage(const RuleRow& row) -> std::string;
// All rules as a table that links to their pages.
auto RuleIndex() -> std::string;

}  // namespace remit::lint
