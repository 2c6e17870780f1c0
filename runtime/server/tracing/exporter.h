// Sends spans to a collector, in batches, from a thread of its own.
//
// What waits is bounded: a collector that is away or slow costs spans, never a request and never memory. What was lost is counted (`/metrics`).
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "runtime/server/metrics.h"
#include "runtime/server/trace.h"
#include "runtime/server/tracing/http_post.h"
#include "runtime/server/tracing/otlp_json.h"

namespace remit::server {

struct TraceOptions {
  std::string endpoint = {};  // `http://host:4318/v1/traces`; empty: no traces
  std::vector<std::string> headers = {};  // `name=value`
  std::string service = "remit";
  double ratio = 1;  // of the traces that begin here
  size_t max_waiting = 4'096;  // requests
  size_t max_batch = 512;
  int64_t delay_ms = 1'000;  // a batch is sent this long after its first span, or when it is full
  int64_t deadline_ms = 5'000;  // of one attempt
  uint32_t attempts = 3;
};

class TraceExporter final : public SpanSink {
 public:
  // Codes: "otlp-endpoint", "otlp-header".
  static auto Open(const TraceOptions& options, const std::string& node) -> Expected<std::unique_ptr<TraceExporter>>;
  // Sends what waits, as long as the collector takes it.
  ~TraceExporter() override;

  auto Samples() -> bool override;
  void Take(RequestSpan span) override;

  // For `/metrics`.
  void AppendFigures(std::string& out) const;
  auto exported() const -> uint64_t { return exported_; }
  auto dropped() const -> uint64_t { return dropped_; }

 private:
  TraceExporter(const TraceOptions& options, TraceResource resource, HttpEndpoint endpoint, std::vector<ExtraHeader> headers);
  void Run();
  // False: it is lost.
  auto Send(const std::vector<RequestSpan>& batch) -> bool;
  // False: it is over.
  auto Pause(std::chrono::milliseconds time) -> bool;

  const TraceOptions options_;
  const TraceResource resource_;
  HttpPoster poster_;
  std::atomic<uint64_t> exported_ = 0;
  std::atomic<uint64_t> dropped_ = 0;
  std::atomic<uint64_t> failures_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<RequestSpan> waiting_;
  bool is_over_ = false;
  std::thread thread_;
};

}  // namespace remit::server
