// From bytes to requests: HTTP/1.1 by Boost.Beast's parser, and our stricter rules on top of it.
//
// Nothing is copied: a request's texts are views of the input, its body too unless it came in chunks. Beast's own message types, the alternative,
// allocate a node for each header. Bytes are offered again when there are more of them, maybe at another address, and nothing is looked at twice.
//
// Stricter than the grammar wants: no folded headers, one Host, no coding but `chunked`, no absolute targets, no repeated Authorization. Whoever sends
// those is confused, or wants two servers to read one request as two.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/server/http.h"
#include "runtime/server/transport/options.h"

namespace remit::server {

class RequestReader {
 public:
  explicit RequestReader(const TransportLimits& limits);
  ~RequestReader();
  RequestReader(const RequestReader&) = delete;
  auto operator=(const RequestReader&) -> RequestReader& = delete;

  enum class Progress : uint8_t { NeedMore, Done, Refused };

  // `input` begins where the request does. Done: `request` has all but the body.
  auto ReadHead(std::string_view input) -> Progress;
  // After ReadHead was done. `input` begins where the request does. Done: `request` is complete.
  auto ReadBody(std::string_view input, size_t max_body_bytes) -> Progress;

  // Borrows from the last input, and for a body in chunks from this.
  auto request() -> Request& { return request_; }
  // Bytes of the input that were the request's, once it is done.
  auto consumed() const -> size_t { return consumed_; }
  // How long the input has to be; 0: not known.
  auto wanted() const -> size_t { return wanted_; }
  auto has_body() const -> bool;
  // HTTP/1.1 and no `Connection: close`.
  auto keeps_alive() const -> bool { return keeps_alive_; }
  auto wants_continue() const -> bool { return wants_continue_; }

  struct Refusal {
    int status = 400;
    std::string_view code = {};
    std::string_view message = {};
  };
  auto refusal() const -> const Refusal& { return refusal_; }

  // For the next request.
  void Reset();

 private:
  class Parser;
  struct Field {
    uint32_t name, name_size, value, value_size;  // offsets into the input
  };

  auto Refuse(int status, std::string_view code, std::string_view message) -> Progress;
  auto RefuseParse(std::string_view input) -> Progress;
  auto CheckHead(std::string_view input) -> Progress;
  void Show(std::string_view input);
  auto ReadChunks(std::string_view input, size_t max_body_bytes) -> Progress;

  const TransportLimits& limits_;
  std::unique_ptr<Parser> parser_;
  Request request_;
  const char* shown_ = nullptr;  // the input that `request_` has views of
  std::vector<Field> fields_;
  std::vector<Header> headers_;
  std::string chunks_;  // the body, if it came in chunks
  uint32_t target_ = 0;
  uint32_t target_size_ = 0;
  size_t head_size_ = 0;
  size_t chunks_read_ = 0;  // of the input, after the head
  size_t consumed_ = 0;
  size_t wanted_ = 0;
  bool keeps_alive_ = true;
  bool wants_continue_ = false;
  Refusal refusal_;
};

}  // namespace remit::server
