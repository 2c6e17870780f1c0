// remit-docs: the pages of docs/ that come from tables, so that a vocabulary is listed once.
//
//   remit-docs diagnostics   docs/diagnostics.md from compiler/source/diagnostics.def, compiler/testing/failures.def, compiler/mcp/drift.def
//   remit-docs builtins      docs/builtins.md from stdlib/builtins.def
//   remit-docs rules         docs/rules/README.md from compiler/lint/rules.def
//   remit-docs rule CODE     docs/rules/CODE.md
//   remit-docs rule-codes    the codes, a line each
//   remit-docs settings      the table of docs/project.md from compiler/project/settings.cpp
#include <fmt/format.h>

#include <string>
#include <string_view>

#include "compiler/lint/report.h"
#include "compiler/project/project.h"
#include "compiler/source/diagnostic.h"
#include "compiler/source/markdown.h"
#include "stdlib/builtin.h"

namespace remit {
namespace {

void AddDiagnostic(std::string& page, std::string_view code, std::string_view severity, std::string_view message) {
  page += fmt::format("| [`{0}`](diagnostics/{0}.md) | {1} | {2} |\n", code, severity, MarkdownCell(message));
}

auto DiagnosticsPage() -> std::string {
  constexpr std::string_view kHead = "| code | severity | message |\n|---|---|---|\n";
  std::string page =
      "# Diagnostics\n\nGenerated from `compiler/source/diagnostics.def` and its like. Codes are stable: scripts may match on them. Each "
      "has a page: what it "
      "means, the least that makes it, how to mend it.\n\n";
  page += kHead;
  for (const auto code : AllDiagnosticCodes()) {
    AddDiagnostic(page, CodeName(code), CodeSeverity(code) == Severity::Error ? "error" : "warning", CodeMessage(code));
  }
  page += fmt::format("\n## Of tests that fail\n\nFrom `compiler/testing/failures.def`.\n\n{}", kHead);
#define FAILURE(id, code, message) AddDiagnostic(page, code, "error", message);
#include "compiler/testing/failures.def"
#undef FAILURE
  page += fmt::format("\n## Of schemas that differ from what was imported\n\nFrom `compiler/mcp/drift.def`.\n\n{}", kHead);
#define DRIFT(id, code, message) AddDiagnostic(page, code, "warning", message);
#include "compiler/mcp/drift.def"
#undef DRIFT
  return page + "\nThe linter's codes are [rules](rules/README.md).\n";
}

auto SignatureText(const BuiltinInfo& builtin) -> std::string {
  const auto& signature = builtin.signature;
  const bool method = builtin.style == CallStyle::Method;
  std::string text = method ? fmt::format("{}.", KindName(signature.params[0])) : "";
  text += fmt::format("{}(", builtin.name);
  for (uint8_t i = method ? 1 : 0; i < signature.arity; ++i) {
    text += fmt::format("{}{}", i > (method ? 1 : 0) ? ", " : "", KindName(signature.params[i]));
  }
  text += fmt::format(") -> {}", KindName(signature.result));
  return signature.element ? text + fmt::format(" of {}", KindName(*signature.element)) : text;
}

auto BuiltinsPage() -> std::string {
  std::string page =
      "# Builtin functions\n\nGenerated from `stdlib/builtins.def`. Every example is true, and a test evaluates it.\n\n"
      "| signature | can fail | | example |\n|---|---|---|---|\n";
  for (const auto& builtin : AllBuiltins()) {
    page += fmt::format("| `{}` | {} | {} | `{}` |\n", MarkdownCell(SignatureText(builtin)), builtin.signature.fallible ? "yes" : "no",
                        MarkdownCell(builtin.doc), MarkdownCell(builtin.example));
  }
  return page;
}

auto RuleCodes() -> std::string {
  std::string codes;
  for (const auto& row : lint::AllRules()) codes += fmt::format("{}\n", row.code);
  return codes;
}

auto SettingsTable() -> std::string {
  std::string table = "| setting | takes | |\n|---|---|---|\n";
  for (const auto& row : project::ProjectSettings()) {
    table += fmt::format("| `{}` | {} | {} |\n", row.key, MarkdownCell(row.type), MarkdownCell(row.help));
  }
  return table;
}

// Empty if there is no such page.
auto Page(std::string_view page, std::string_view argument) -> std::string {
  if (page == "diagnostics") return DiagnosticsPage();
  if (page == "builtins") return BuiltinsPage();
  if (page == "rules") return lint::RuleIndex();
  if (page == "rule-codes") return RuleCodes();
  if (page == "settings") return SettingsTable();
  const auto rule = page == "rule" ? lint::FindRule(argument) : std::nullopt;
  return rule ? lint::RulePage(lint::RowOf(*rule)) : std::string{};
}

}  // namespace
}  // namespace remit

auto main(int argc, char** argv) -> int {
  const auto page = remit::Page(argc > 1 ? argv[1] : "", argc > 2 ? argv[2] : "");
  if (page.empty()) {
    fmt::print(stderr, "usage: remit-docs diagnostics|builtins|rules|rule-codes|rule CODE|settings\n");
    return 2;
  }
  fmt::print("{}", page);
  return 0;
}
