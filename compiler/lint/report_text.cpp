#include <fmt/format.h>

#include "compiler/lint/report.h"
#include "compiler/source/excerpt.h"

namespace remit::lint {
namespace {

struct Palette {
  std::string_view bold, level, help, reset;
};

auto PaletteOf(Level level, bool color) -> Palette {
  if (!color) return {};
  const std::string_view shade = level == Level::Error ? "\033[1;31m" : level == Level::Warning ? "\033[1;33m" : "\033[1;34m";
  return {.bold = "\033[1m", .level = shade, .help = "\033[1;36m", .reset = "\033[0m"};
}

auto FindingText(const Finding& finding, const SourceManager& sources, bool color) -> std::string {
  const auto palette = PaletteOf(finding.level, color);
  std::string place;
  if (finding.span.has_place()) {
    const auto& file = sources.file(finding.span.file);
    const auto at = file.locate(finding.span.begin);
    place = fmt::format("{}:{}:{}: ", file.name(), at.line, at.column);
  } else if (!finding.statement.empty()) {
    place = finding.statement + ": ";
  }
  auto text = fmt::format("{0}{1}{2}{3}{4}[{5}]{2}: {0}{6}{2}\n", palette.bold, place, palette.reset, palette.level,
                          LevelName(finding.level), RowOf(finding.rule).code, finding.message);
  if (finding.span.has_place()) {
    text += FormatExcerpt(sources.file(finding.span.file), finding.span, {.mark = palette.level, .reset = palette.reset});
  }
  if (!finding.help.empty()) text += fmt::format("{}help{}: {}\n", palette.help, palette.reset, finding.help);
  return text;
}

}  // namespace

auto FormatText(const LintReport& report, const SourceManager& sources, bool color) -> std::string {
  std::string text;
  for (const auto& finding : report.findings) text += FindingText(finding, sources, color);
  return text;
}

}  // namespace remit::lint
