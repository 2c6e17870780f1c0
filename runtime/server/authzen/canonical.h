// One text for one JSON value, whatever the order of its members and its white space: for telling whether two requests say the same.
#pragma once

#include <string>

#include "runtime/request/json_cursor.h"

namespace remit::authzen {

// Members in the order of their bytes. Numbers keep their kind: 1 and 1.0 differ.
void AppendCanonical(std::string& out, json::Element element);

}  // namespace remit::authzen
