// COAZ for the Model Context Protocol (draft 1): which AuthZEN request a message of MCP comes to.
//
// Every method has a default mapping; a tool may declare one of its own in `inputSchema["x-authzen-mapping"]`. Values that begin with `$` are expressions over
// `params` and `token` (cel.h), `$$` is a `$`. Whoever asks has validated the token: its claims are trusted, and nothing else is. A method that is unknown
// is denied, so that what a later version adds does not pass by.
#pragma once

#include <string>

#include "runtime/server/authzen/cel.h"

namespace remit::coaz {

struct McpMessage {
  const Json& message;  // JSON-RPC: `method`, `params`
  const Json& token;  // claims
  const Json* mapping = nullptr;  // the tool's own; null: the default
  std::string_view server = {};  // this server's resource identifier; empty: the token's `aud`
  std::string_view identity_claim = "sub";  // whom the request is made for
};

enum class McpNext : uint8_t {
  Pass,  // no decision is needed: notifications, `ping`
  Ask,  // `request` says what
  Deny,  // nobody knows this method
};

struct McpRequest {
  McpNext next = McpNext::Deny;
  bool is_batch = false;  // for Access Evaluations
  Json request = {};
  bool is_anchored = true;  // the subject's id is that of the token
};

// Errors are mapping errors: "mapping-error", with what is wrong.
auto MapMcp(const McpMessage& message) -> Expected<McpRequest>;

}  // namespace remit::coaz
