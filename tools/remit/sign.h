// The verb of sign.cpp.
#pragma once

#include "tools/remit/verb.h"

namespace remit::cli {

void AddSign(CLI::App& app, ExitSlot& exit);

}  // namespace remit::cli
