#include "compiler/source/diagnostic.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "compiler/source/excerpt.h"

namespace remit {
namespace {

struct Row {
  std::string_view code;
  Severity severity;
  std::string_view message;
};

constexpr Severity Error = Severity::Error;
[[maybe_unused]] constexpr Severity Warning = Severity::Warning;

constexpr auto kRows = std::to_array<Row>({
#define DIAGNOSTIC(id, code, severity, message) Row{code, severity, message},
#include "compiler/source/diagnostics.def"
#undef DIAGNOSTIC
});

struct Palette {
  std::string_view bold, error, warning, help, reset;
};
constexpr Palette kPlain = {"", "", "", "", ""};
constexpr Palette kColor = {"\033[1m", "\033[1;31m", "\033[1;33m", "\033[1;36m", "\033[0m"};

auto SeverityName(Severity severity) -> std::string_view { return severity == Severity::Error ? "error" : "warning"; }

}  // namespace

auto CodeName(DiagnosticCode code) -> std::string_view { return kRows[static_cast<size_t>(code)].code; }
auto CodeSeverity(DiagnosticCode code) -> Severity { return kRows[static_cast<size_t>(code)].severity; }
auto CodeMessage(DiagnosticCode code) -> std::string_view { return kRows[static_cast<size_t>(code)].message; }

auto AllDiagnosticCodes() -> const std::vector<DiagnosticCode>& {
  static const auto codes = [] {
    std::vector<DiagnosticCode> all;
    for (size_t i = 0; i < kRows.size(); ++i) all.push_back(static_cast<DiagnosticCode>(i));
    return all;
  }();
  return codes;
}

auto DiagnosticSink::Add(Diagnostic diagnostic) -> Diagnostic& {
  (CodeSeverity(diagnostic.code) == Severity::Error ? error_count_ : warning_count_)++;
  if (diagnostics_.size() >= limit_) {
    ++dropped_count_;
    overflow_ = std::move(diagnostic);
    return overflow_;
  }
  return diagnostics_.emplace_back(std::move(diagnostic));
}

auto FormatDiagnostic(const Diagnostic& diagnostic, const SourceManager& sources, DiagnosticStyle style) -> std::string {
  const Palette& palette = style.color ? kColor : kPlain;
  const Severity severity = CodeSeverity(diagnostic.code);
  std::string place;
  if (diagnostic.span.has_place()) {
    const auto& file = sources.file(diagnostic.span.file);
    const auto at = file.locate(diagnostic.span.begin);
    place = fmt::format("{}:{}:{}: ", file.name(), at.line, at.column);
  } else if (!diagnostic.pointer.empty()) {
    place = diagnostic.pointer + ": ";
  }
  std::string text = fmt::format("{}{}{}{}{}[{}]{}: {}{}{}\n", palette.bold, place, palette.reset,
                                 severity == Severity::Error ? palette.error : palette.warning, SeverityName(severity),
                                 CodeName(diagnostic.code), palette.reset, palette.bold, diagnostic.message, palette.reset);
  if (diagnostic.span.has_place()) {
    text += FormatExcerpt(sources.file(diagnostic.span.file), diagnostic.span, {.mark = palette.error, .reset = palette.reset});
  }
  if (!diagnostic.help.empty()) {
    text += fmt::format("{}help{}: {}\n", palette.help, palette.reset, diagnostic.help);
  }
  return text;
}

auto DiagnosticToJson(const Diagnostic& diagnostic, const SourceManager& sources) -> std::string {
  nlohmann::ordered_json json;
  json["code"] = CodeName(diagnostic.code);
  json["severity"] = SeverityName(CodeSeverity(diagnostic.code));
  json["message"] = diagnostic.message;
  if (!diagnostic.help.empty()) json["help"] = diagnostic.help;
  if (diagnostic.span.has_place()) {
    const auto& file = sources.file(diagnostic.span.file);
    const auto begin = file.locate(diagnostic.span.begin);
    const auto end = file.locate(diagnostic.span.end);
    json["file"] = file.name();
    json["span"] = {{"start", diagnostic.span.begin}, {"end", diagnostic.span.end}, {"line", begin.line},
                    {"column", begin.column},         {"endLine", end.line},        {"endColumn", end.column}};
  }
  if (!diagnostic.pointer.empty()) json["pointer"] = diagnostic.pointer;
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace remit
