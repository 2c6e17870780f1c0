// remit test: see docs/testing.md.
#pragma once

#include "tools/remit/verb.h"

namespace remit::cli {

void AddTest(CLI::App& app, ExitSlot& exit);

}  // namespace remit::cli
