// Requests from anywhere: read in one piece and byte by byte they are the same request, or the same refusal; what is read lies within the input; and what
// follows a request does not change it.
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/base/check.h"
#include "runtime/server/transport/request_reader.h"

namespace remit::fuzz {
namespace {

using server::RequestReader;
using Progress = RequestReader::Progress;

constexpr server::TransportLimits kLimits = {.max_target_bytes = 256, .max_header_bytes = 1024, .max_headers = 8, .max_body_bytes = 512};

struct Read {
  Progress progress = Progress::NeedMore;
  int status = 0;
  std::string head;
  std::string body;
  size_t consumed = 0;

  auto operator==(const Read&) const -> bool = default;
};

auto Show(const server::Request& request) -> std::string {
  std::string out(server::MethodName(request.method));
  out.append(" ").append(request.path).append("?").append(request.query).append("|").append(request.request_id);
  for (const server::Header& header : request.headers) out.append("\n").append(header.name).append("=").append(header.value);
  return out;
}

// Offers ever more of the input, `step` bytes at a time and at another address each time.
auto ReadInSteps(std::string_view all, size_t step) -> Read {
  RequestReader reader(kLimits);
  Read read;
  bool is_head_done = false;
  for (size_t size = std::min(step, all.size()); read.progress == Progress::NeedMore; size = std::min(size + step, all.size())) {
    const std::string input(all.substr(0, size));
    if (!is_head_done) {
      read.progress = reader.ReadHead(input);
      is_head_done = read.progress == Progress::Done;
    }
    if (is_head_done) read.progress = reader.ReadBody(input, kLimits.max_body_bytes);
    if (read.progress == Progress::Refused) read.status = reader.refusal().status;
    if (read.progress == Progress::Done) {
      read.consumed = reader.consumed();
      CHECK(read.consumed <= input.size());
      read.head = Show(reader.request());
      read.body = reader.request().body;
      CHECK(read.body.size() <= kLimits.max_body_bytes && reader.request().headers.size() <= kLimits.max_headers);
    }
    if (size == all.size()) break;
  }
  return read;
}

}  // namespace
}  // namespace remit::fuzz

extern "C" auto LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) -> int {
  using namespace remit::fuzz;
  constexpr size_t kMost = 4096;
  const std::string_view text(reinterpret_cast<const char*>(data), std::min(size, kMost));
  if (text.empty()) return 0;
  const Read whole = ReadInSteps(text, text.size());
  const Read pieces = ReadInSteps(text, 1);
  // A refusal may come before the rest does, for what the rest cannot make right; what is accepted is the same.
  CHECK((whole.progress == Progress::Done) == (pieces.progress == Progress::Done));
  if (whole.progress == Progress::Done) {
    CHECK(whole == pieces);
    CHECK(ReadInSteps(text.substr(0, whole.consumed), whole.consumed) == whole);
  }
  return 0;
}
