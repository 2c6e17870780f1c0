// Policies that hold calls to what types cannot say: ranges, lengths, patterns, lists of numbers.
//
// A server should refuse such calls itself. A policy that relies on it relies on the server; these do not, and are plain policies that may be
// read and changed.
#pragma once

#include <string>

#include "compiler/mcp/tool_schema.h"

namespace remit::mcp {

// A `forbid` for each tool that has something to hold; what cannot be said is a comment. Elements of lists are not looked at.
auto MakeGuards(const Manifest& manifest, const ToolSchema& schema) -> std::string;

}  // namespace remit::mcp
