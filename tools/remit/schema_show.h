// The verbs of `remit schema` that look into one.
#pragma once

#include "tools/remit/verb.h"

namespace remit::cli {

void AddSchemaShow(CLI::App& schema, ExitSlot& exit);
void AddSchemaEnvironments(CLI::App& schema, ExitSlot& exit);

}  // namespace remit::cli
