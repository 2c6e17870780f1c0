// remit lsp, for `main`.
#pragma once

#include "tools/remit/verb.h"

namespace remit::cli {

void AddLsp(CLI::App& app, ExitSlot& exit);

}  // namespace remit::cli
