// Messages on a stream: a header with the length, then JSON (the protocol's "Base Protocol").
#pragma once

#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "runtime/base/error.h"

namespace remit::lsp {

using Json = nlohmann::json;

// What a peer may send. A message beyond these ends the session: what follows it cannot be read.
struct MessageLimits {
  size_t max_header_bytes = 4096;
  size_t max_body_bytes = size_t{128} << 20;
  uint32_t max_depth = 256;
};

class MessageReader {
 public:
  explicit MessageReader(FILE* stream, MessageLimits limits = {}) : stream_(stream), limits_(limits) {}

  // The next message; nothing at the end of the stream. Errors: "invalid-header", "message-too-large", "message-cut-short"; after
  // "invalid-message" the next one can be read.
  auto Next() -> Expected<std::optional<Json>>;

 private:
  auto ReadLength() -> Expected<std::optional<size_t>>;
  auto ReadLine(size_t& budget) -> Expected<std::optional<std::string>>;

  FILE* stream_;
  MessageLimits limits_;
};

// False if nobody reads any more.
auto WriteMessage(FILE* stream, const Json& message) -> bool;

}  // namespace remit::lsp
