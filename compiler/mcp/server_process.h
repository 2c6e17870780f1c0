// A server of the Model Context Protocol that is started for one question: which tools it has.
//
// It runs in a process group of its own, without a shell, and is gone when the answer is there or the time is over, whatever it does: its input
// is closed, and what is left is told to end, then killed.
#pragma once

#include <string>
#include <vector>

#include "runtime/base/error.h"

namespace remit::mcp {

struct ServerLimits {
  uint32_t milliseconds = 60'000;  // for everything
  size_t max_bytes = size_t{64} << 20;  // that it may answer
  uint32_t max_pages = 1'000;  // of `tools/list`
};

// {"tools": [..]} with the tools of all pages. Codes: invalid-command, cannot-start, server-timeout, server-ended, server-refused,
// answer-too-large, invalid-answer.
auto ListServerTools(const std::string& command, const ServerLimits& limits) -> Expected<std::string>;

}  // namespace remit::mcp
