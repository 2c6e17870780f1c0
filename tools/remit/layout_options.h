// What `format` and `schema format` share: their options, and what becomes of a file that has been laid out.
#pragma once

#include "compiler/ast/formatter.h"
#include "tools/remit/verb.h"

namespace remit::cli {

struct LayoutOptions {
  bool check = false;
  bool write = false;
  ast::FormatOptions layout;
  Limits limits;
  Format format = Format::Human;
};

// Adds `--check`, `--write`, `--line-width`, `--indent`, limits, `--format` and the exit codes.
void AddLayoutOptions(CLI::App& verb, LayoutOptions& options);

// Prints or writes `after`, or only says that it differs. `path` is that of `before`.
auto Deliver(const LayoutOptions& options, const std::string& path, const std::string& before, const std::string& after) -> ExitCode;

}  // namespace remit::cli
