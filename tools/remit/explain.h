// remit explain: see docs/explain.md.
#pragma once

#include "tools/remit/verb.h"

namespace remit::cli {

void AddExplain(CLI::App& app, ExitSlot& exit);

}  // namespace remit::cli
