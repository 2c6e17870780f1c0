// Responses as bytes.
#pragma once

#include <string>
#include <string_view>

#include "runtime/server/http.h"

namespace remit::server {

struct ResponseFacts {
  std::string_view date;
  bool is_head = false;  // the body is not sent
  bool stays = true;  // the connection does
};

void AppendResponse(std::string& out, const Response& response, const ResponseFacts& facts);

// A body that goes on, in chunks.
void AppendStreamHead(std::string& out, const Response& response, std::string_view date);
void AppendChunk(std::string& out, std::string_view bytes);

}  // namespace remit::server
