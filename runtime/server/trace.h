// Traces of requests: W3C Trace Context in and out, and a span for each request and each decision in it.
//
// Who takes the spans is behind `SpanSink`, so that the decision path fills in plain data and knows neither a format nor a network. A service without a sink pays
// one test a request. The OpenTelemetry library, the alternative, is not in Debian 12, and is larger than this server.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/server/http.h"
#include "runtime/value/outcome.h"

namespace remit::server {

// `00-<32 digits>-<16 digits>-<2 digits>`, as far as it can be used: lower case digits, ids that are not all zero, no version that is none.
struct TraceParent {
  std::string_view trace_id = {};  // empty: there is none
  std::string_view span_id = {};
  bool is_sampled = false;

  static auto Parse(std::string_view header) -> TraceParent;
};

// Times are nanoseconds since the epoch.
struct DecisionSpan {
  int64_t begin_ns = 0;
  int64_t end_ns = 0;
  std::string decision_id = {};
  Outcome outcome = Outcome::Deny;
  std::string policy_version = {};
  std::vector<std::string> determining = {};
  std::string principal = {};  // the type alone: an id may name a person
  std::string action = {};
  std::string resource = {};  // the type
  std::string error_code = {};  // not empty: it was refused, and nothing was decided
};

struct RequestSpan {
  std::string trace_id = {};
  std::string span_id = {};
  std::string parent_id = {};  // empty: the trace begins here
  std::string trace_state = {};
  std::string_view method = {};  // of static life, as the route
  std::string_view route = {};
  int status = 0;
  int64_t begin_ns = 0;
  int64_t end_ns = 0;
  std::vector<DecisionSpan> decisions = {};
};

class SpanSink {
 public:
  virtual ~SpanSink() = default;
  // Whether a trace that begins here is recorded; what others began, they decided.
  virtual auto Samples() -> bool = 0;
  // Never waits. Threads: any.
  virtual void Take(RequestSpan span) = 0;
};

// 16 hexadecimal digits, never all zero: two of them are a trace's id. Not secret.
auto NewSpanId() -> std::string;

// The span of a request that begins now, by its headers.
auto BeginSpan(const Request& request, const TraceParent& parent) -> RequestSpan;
// What names this span to others.
auto TraceParentText(const RequestSpan& span) -> std::string;

auto SystemNanos() -> int64_t;

}  // namespace remit::server
