// remit format: lays policy text out in the one way.
#include <fmt/format.h>

#include <memory>

#include "compiler/driver/format.h"
#include "tools/remit/verb.h"

namespace remit::cli {
namespace {

struct FormatOptions {
  std::vector<std::string> paths;
  bool check = false;
  bool write = false;
  ast::FormatOptions layout;
  Limits limits;
  Format format = Format::Human;
};

auto FormatFile(const FormatOptions& options, const std::string& path) -> ExitCode {
  auto text = ReadTextFile(path, options.limits.max_source_bytes);
  if (!text) return ReportError(text.error(), options.format);
  CompileJob job(options.limits);
  const auto formatted = FormatPolicies(job, path, *text, options.layout);
  if (!formatted) {
    ReportDiagnostics(job, options.format);
    return kFailed;
  }
  const bool changed = *formatted != *text;
  if (options.check) {
    if (changed) fmt::print(stderr, "would reformat {}\n", path);
    return changed ? kNegative : kDone;
  }
  if (!options.write || path == "-") {
    fmt::print("{}", *formatted);
  } else if (changed) {
    if (auto done = WriteTextFile(path, *formatted); !done) return ReportError(done.error(), options.format);
  }
  return kDone;
}

auto Run(const FormatOptions& options) -> ExitCode {
  ExitCode worst = kDone;
  for (const auto& path : options.paths) {
    const auto files = ListPolicyFiles(path);
    if (!files) return ReportError(files.error(), options.format);
    for (const auto& file : *files) worst = std::max(worst, FormatFile(options, file));
  }
  return worst;
}

}  // namespace

void AddFormat(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("format", "Lay policy text out in the one way; comments stay, the meaning too");
  auto options = std::make_shared<FormatOptions>();
  verb->add_option("policies", options->paths, "Policy files, `-`, or folders with *.cedar and *.remit")
      ->required()
      ->option_text("PATH...");
  auto* check = verb->add_flag("--check", options->check, "Change nothing; exit 1 if a file would change");
  verb->add_flag("-w,--write", options->write, "Write the result back to the files instead of printing it")->excludes(check);
  verb->add_option("--line-width", options->layout.line_width, "Longest line to aim for")
      ->check(CLI::Range(20, 1000))
      ->capture_default_str();
  verb->add_option("--indent", options->layout.indent, "Spaces of one level")->check(CLI::Range(0, 16))->capture_default_str();
  AddLimitOptions(*verb, options->limits);
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 done, 1 with --check a file would change, 2 wrong usage or input.");
  verb->callback([options, &exit] { exit = Run(*options); });
}

}  // namespace remit::cli
