// What printing and parsing the text form share.
#pragma once

#include <string_view>

namespace remit::ir {

// The first line: a change of the form changes the number.
constexpr std::string_view kHeader = "remit-ir 1";

}  // namespace remit::ir
