#include "runtime/server/transport/held_answers.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "runtime/server/failure.h"
#include "runtime/server/transport/response_text.h"

namespace remit::server {
namespace {

// Of an answer of ours, header by header.
void CopyIds(std::string_view answer, Response& to) {
  std::string_view head = answer.substr(0, answer.find("\r\n\r\n"));
  while (!head.empty()) {
    const std::string_view line = head.substr(0, head.find("\r\n"));
    head.remove_prefix(std::min(line.size() + 2, head.size()));
    const size_t colon = line.find(": ");
    if (colon == std::string_view::npos) continue;
    const std::string_view name = line.substr(0, colon);
    if (EqualsIgnoringCase(name, "x-request-id") || EqualsIgnoringCase(name, "traceparent")) to.AddHeader(name, line.substr(colon + 2));
  }
}

}  // namespace

void HeldAnswers::Add(HeldAnswer answer) {
  until_ = std::max(until_, answer.until);
  answers_.push_back(std::move(answer));
}

// A connection that waits for its next request holds no memory for many answers.
void HeldAnswers::Clear() {
  constexpr size_t kKept = 8;
  answers_.clear();
  if (answers_.capacity() > kKept) answers_.shrink_to_fit();
  until_ = 0;
}

auto HeldAnswers::Refuse(std::string& output, uint64_t durable, std::string_view date) -> std::vector<std::string> {
  std::vector<std::string> reservations;
  std::string out;
  size_t at = 0;
  for (HeldAnswer& answer : answers_) {
    if (answer.until <= durable) continue;
    out.append(output, at, answer.begin - at);
    at = answer.end;
    Response response;
    Fail(response, 503, "audit-stuck", "the audit log could not be written");
    response.AddHeader("Retry-After", "1");
    CopyIds(std::string_view(output).substr(answer.begin, answer.end - answer.begin), response);
    AppendResponse(out, response, {.date = date, .is_head = answer.is_head, .stays = answer.stays});
    answer.status = response.status;
    std::ranges::move(answer.reservations, std::back_inserter(reservations));
  }
  out.append(output, at);
  output = std::move(out);
  return reservations;
}

}  // namespace remit::server
