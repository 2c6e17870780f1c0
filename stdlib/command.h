// The builtins of shell commands.
#pragma once

#include <vector>

#include "runtime/value/text_values.h"
#include "stdlib/body.h"

namespace remit {

// One command or a pipeline of them, split as stdlib/shell_words.h says.
auto ParseCommand(String text) -> Fallible<Parsed<Command>>;

auto HasPipeline(const Command& command) -> bool;
// These are errors for a pipeline, which has several programs.
auto CommandProgram(const Command& command) -> Fallible<String>;
auto CommandArgs(const Command& command) -> Fallible<std::vector<String>>;
auto CommandArgCount(const Command& command) -> Fallible<int64_t>;

}  // namespace remit
