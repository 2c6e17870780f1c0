// A call of a tool as a request that the tool's schema provides for.
//
// Objects become entities with the request, whose ids are where in the arguments they stand: the same call makes the same request. The public
// generator takes random ids there; a decision that is recorded could then not be compared with another.
#pragma once

#include <string>

#include "compiler/mcp/tool_schema.h"

namespace remit::mcp {

struct CallParts {
  std::string principal;  // `User::"ana"` as text, in full
  std::string resource;
  std::string context = {};  // a JSON object: attributes beside `input`; empty: none
  std::string result = {};  // a JSON object, the tool's structured result; empty: none
};

// `call` is a `tools/call` message, its `params`, or {"name", "arguments"}. The request is JSON as `remit decide` reads it. Codes: invalid-json,
// nesting-too-deep, invalid-call, unknown-tool, and for arguments that the tool does not take, invalid-argument with a pointer into them.
auto CallToRequest(const Manifest& manifest, const ToolSchema& schema, std::string_view call, const CallParts& parts, const Limits& limits)
    -> Expected<std::string>;

}  // namespace remit::mcp
