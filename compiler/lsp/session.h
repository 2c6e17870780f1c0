// What every request is answered from: the workspace, and what was agreed on with the client.
#pragma once

#include <expected>
#include <nlohmann/json.hpp>
#include <string>

#include "compiler/lsp/workspace.h"

namespace remit::lsp {

using Json = nlohmann::json;

// Error codes of JSON-RPC and of the protocol.
enum class ErrorCode : int {
  ParseError = -32700,
  InvalidRequest = -32600,
  MethodNotFound = -32601,
  InvalidParams = -32602,
  ServerNotInitialized = -32002,
  RequestCancelled = -32800,
  RequestFailed = -32803,
};

struct Failure {
  ErrorCode code;
  std::string message;
};
using Answer = std::expected<Json, Failure>;

// Semantic tokens as they were answered last: what the next answer differs from.
struct AnsweredTokens {
  std::string id;
  std::vector<uint32_t> data;
};

struct Session {
  Workspace workspace;
  std::map<std::string, AnsweredTokens> answered_tokens;  // by document, while it is open
  uint64_t next_tokens_id = 1;
  Encoding encoding = Encoding::Utf16;
  bool pulls_diagnostics = false;
  bool has_snippets = false;
  bool has_watched_files = false;
  bool has_document_changes = false;
  std::string documentation;  // what the pages of rules are below, with a `/` at its end; empty: nowhere
};

// A document of a request, with its project up to date. Null: not known.
struct Target {
  Document* document = nullptr;
  Project* project = nullptr;
  const ProjectFile* file = nullptr;
  explicit operator bool() const { return file != nullptr; }
};
auto TargetOf(Session& session, const Json& params) -> Target;
// That of `params.position`.
auto OffsetOf(const Session& session, const Target& target, const Json& params) -> uint32_t;

auto PositionJson(Position position) -> Json;
auto RangeJson(const Session& session, const TextDocument& document, TextRange range) -> Json;
auto ReadPosition(const Json& json) -> Position;
auto ReadRange(const Session& session, const TextDocument& document, const Json& json) -> TextRange;
auto LocationJson(Session& session, const Project::Place& place) -> Json;
auto Markup(std::string markdown) -> Json;

}  // namespace remit::lsp
