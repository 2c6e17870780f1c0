// The verbs of `remit schema` about tools of the Model Context Protocol.
#pragma once

#include "tools/remit/verb.h"

namespace remit::cli {

void AddSchemaImport(CLI::App& schema, ExitSlot& exit);
void AddSchemaRequest(CLI::App& schema, ExitSlot& exit);

}  // namespace remit::cli
