// Text to the words of a POSIX shell command, where that is certain.
//
// Quoting is as POSIX (XCU 2.2) has it. Everything that a shell would do besides splitting, in any of the common shells and interactive or
// not, is an error: substitutions, globs, braces, redirections, lists, comments, history, assignments, reserved words. So the words are
// what the program gets, and a policy that looks at them looks at what will run. Emulating the expansions was never an alternative: they depend on the
// machine, and so would the decision.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "stdlib/body.h"

namespace remit {

using ShellWords = std::vector<std::string>;

// The commands of a pipeline, mostly one; each has a program at least.
auto SplitShellCommand(std::string_view text) -> Fallible<std::vector<ShellWords>>;

// One text for all that mean the same: words that need it are in single quotes, one space or ` | ` between them. Splitting it gives the words back.
auto JoinShellWords(const std::vector<ShellWords>& pipeline) -> std::string;

}  // namespace remit
