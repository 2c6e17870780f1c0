// `--forbid-errors skip|deny`, of every verb that decides by policies or lints them.
#pragma once

#include <CLI/CLI.hpp>

namespace remit::cli {

void AddForbidErrorsOption(CLI::App& verb);

}  // namespace remit::cli
