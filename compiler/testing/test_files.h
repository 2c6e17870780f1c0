// Which files a run of tests reads: policies and the tests beside them make one policy set.
#pragma once

#include <string>
#include <vector>

#include "runtime/base/error.h"

namespace remit::tests {

// Files as they are, folders with every policy file below them, and for a `*.test.remit` file named alone the policies of its folder. Each file
// once, in this order. Error: "cannot-read".
auto ListTestInputs(const std::vector<std::string>& paths) -> Expected<std::vector<std::string>>;

}  // namespace remit::tests
