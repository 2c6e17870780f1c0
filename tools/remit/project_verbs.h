// The verbs about projects: `remit init` and `remit project`.
#pragma once

#include "tools/remit/verb.h"

namespace remit::cli {

void AddInit(CLI::App& app, ExitSlot& exit);
void AddProject(CLI::App& app, ExitSlot& exit);

}  // namespace remit::cli
