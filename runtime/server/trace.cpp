#include "runtime/server/trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>

namespace remit::server {
namespace {

auto IsId(std::string_view text) -> bool {
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return std::ranges::all_of(text, is_digit) && text.find_first_not_of('0') != std::string_view::npos;
}

}  // namespace

auto TraceParent::Parse(std::string_view header) -> TraceParent {
  constexpr size_t kSize = 55;
  const bool has_shape =
      header.size() >= kSize && header.substr(0, 2) != "ff" && header[2] == '-' && header[35] == '-' && header[52] == '-';
  if (!has_shape) return {};
  // Of later versions more may follow, behind a dash; of this one nothing.
  if (header.size() > kSize && (header.substr(0, 2) == "00" || header[kSize] != '-')) return {};
  const TraceParent parent = {.trace_id = header.substr(3, 32), .span_id = header.substr(36, 16)};
  if (!IsId(parent.trace_id) || !IsId(parent.span_id)) return {};
  const char flags = header[54];
  const int digit = flags >= '0' && flags <= '9' ? flags - '0' : flags >= 'a' && flags <= 'f' ? flags - 'a' + 10 : -1;
  if (digit < 0) return {};
  return {.trace_id = parent.trace_id, .span_id = parent.span_id, .is_sampled = (digit & 1) != 0};
}

auto NewSpanId() -> std::string {
  thread_local std::mt19937_64 numbers = [] {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device(), device(), device(), device(), device()};
    return std::mt19937_64(seed);
  }();
  uint64_t number = 0;
  while (number == 0) number = numbers();
  return fmt::format("{:016x}", number);
}

auto SystemNanos() -> int64_t {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

auto BeginSpan(const Request& request, const TraceParent& parent) -> RequestSpan {
  constexpr size_t kLongestState = 512;
  RequestSpan span = {.span_id = NewSpanId(), .method = MethodName(request.method), .begin_ns = SystemNanos()};
  if (parent.trace_id.empty()) {
    span.trace_id = NewSpanId() + NewSpanId();
    return span;
  }
  span.trace_id = parent.trace_id;
  span.parent_id = parent.span_id;
  const std::string_view state = request.header("tracestate");
  if (state.size() <= kLongestState) span.trace_state = state;
  return span;
}

auto TraceParentText(const RequestSpan& span) -> std::string { return fmt::format("00-{}-{}-01", span.trace_id, span.span_id); }

}  // namespace remit::server
