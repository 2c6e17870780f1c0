#include "tools/remit/layout_options.h"

#include <fmt/format.h>

namespace remit::cli {

void AddLayoutOptions(CLI::App& verb, LayoutOptions& options) {
  auto* check = verb.add_flag("--check", options.check, "Change nothing; exit 1 if a file would change");
  verb.add_flag("-w,--write", options.write, "Write the result back to the files instead of printing it")->excludes(check);
  verb.add_option("--line-width", options.layout.line_width, "Longest line to aim for")->check(CLI::Range(20, 1000))->capture_default_str();
  verb.add_option("--indent", options.layout.indent, "Spaces of one level")->check(CLI::Range(0, 16))->capture_default_str();
  AddLimitOptions(verb, options.limits);
  AddFormatOption(verb, options.format);
  verb.footer("Exit codes: 0 done, 1 with --check a file would change, 2 wrong usage or input.");
}

auto Deliver(const LayoutOptions& options, const std::string& path, const std::string& before, const std::string& after) -> ExitCode {
  const bool changed = after != before;
  if (options.check) {
    if (changed) fmt::print(stderr, "would reformat {}\n", path);
    return changed ? kNegative : kDone;
  }
  if (!options.write || path == "-") {
    fmt::print("{}", after);
  } else if (changed) {
    if (auto done = WriteTextFile(path, after); !done) return ReportError(done.error(), options.format);
  }
  return kDone;
}

}  // namespace remit::cli
