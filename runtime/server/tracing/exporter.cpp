#include "runtime/server/tracing/exporter.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "runtime/server/log.h"

namespace remit::server {
namespace {

// Tokens of HTTP: what a header's name may be made of.
auto IsToken(std::string_view name) -> bool {
  constexpr std::string_view kMore = "!#$%&'*+-.^_`|~";
  const auto fits = [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kMore.find(c) != std::string_view::npos;
  };
  return !name.empty() && std::ranges::all_of(name, fits);
}

auto ReadHeaders(const std::vector<std::string>& texts) -> Expected<std::vector<ExtraHeader>> {
  std::vector<ExtraHeader> headers;
  for (const std::string& text : texts) {
    const size_t at = text.find('=');
    const bool is_header = at != std::string::npos && IsToken(text.substr(0, at)) && text.find_first_of("\r\n") == std::string::npos;
    // The text may be a secret, and is not shown.
    if (!is_header)
      return std::unexpected(Error{.code = "otlp-header", .message = "a header for traces is `name=value`", .pointer = {}, .help = {}});
    headers.push_back({.name = text.substr(0, at), .value = text.substr(at + 1)});
  }
  return headers;
}

// As OTLP/HTTP has it: these may go better the next time.
auto IsWorthAnother(const Expected<int>& status) -> bool {
  return !status || *status == 429 || *status == 502 || *status == 503 || *status == 504;
}

}  // namespace

auto TraceExporter::Open(const TraceOptions& options, const std::string& node) -> Expected<std::unique_ptr<TraceExporter>> {
  auto endpoint = HttpEndpoint::Parse(options.endpoint);
  if (!endpoint) return std::unexpected(std::move(endpoint.error()));
  auto headers = ReadHeaders(options.headers);
  if (!headers) return std::unexpected(std::move(headers.error()));
  TraceResource resource = {.service = options.service, .node = node};
  return std::unique_ptr<TraceExporter>(new TraceExporter(options, std::move(resource), std::move(*endpoint), std::move(*headers)));
}

TraceExporter::TraceExporter(const TraceOptions& options, TraceResource resource, HttpEndpoint endpoint, std::vector<ExtraHeader> headers)
    : options_(options), resource_(std::move(resource)), poster_(std::move(endpoint), std::move(headers)), thread_([this] { Run(); }) {}

TraceExporter::~TraceExporter() {
  {
    const std::lock_guard lock(mutex_);
    is_over_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

auto TraceExporter::Samples() -> bool {
  if (options_.ratio >= 1) return true;
  thread_local std::mt19937 numbers{std::random_device{}()};
  return std::uniform_real_distribution<double>(0, 1)(numbers) < options_.ratio;
}

// The thread is woken by the first span of a batch and by the last; in between nobody is.
void TraceExporter::Take(RequestSpan span) {
  bool wakes = false;
  {
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= options_.max_waiting) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return;
    }
    waiting_.push_back(std::move(span));
    wakes = waiting_.size() == 1 || waiting_.size() == options_.max_batch;
  }
  if (wakes) changed_.notify_one();
}

void TraceExporter::Run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] { return is_over_ || !waiting_.empty(); });
    changed_.wait_for(lock, std::chrono::milliseconds(options_.delay_ms),
                      [&] { return is_over_ || waiting_.size() >= options_.max_batch; });
    const bool is_last = is_over_;
    while (!waiting_.empty()) {
      const size_t count = std::min(waiting_.size(), options_.max_batch);
      const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
      const std::vector<RequestSpan> batch(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
      waiting_.erase(waiting_.begin(), end);
      lock.unlock();
      const bool is_sent = Send(batch);
      lock.lock();
      if (is_over_ && !is_sent) {
        dropped_.fetch_add(waiting_.size(), std::memory_order_relaxed);
        waiting_.clear();
      }
    }
    if (is_last) return;
  }
}

auto TraceExporter::Pause(std::chrono::milliseconds time) -> bool {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, time, [&] { return is_over_; });
}

auto TraceExporter::Send(const std::vector<RequestSpan>& batch) -> bool {
  const std::string body = SpansToJson(resource_, batch);
  std::chrono::milliseconds pause(500);
  for (uint32_t attempt = 1; attempt <= options_.attempts; ++attempt, pause *= 2) {
    const auto status = poster_.Post(body, std::chrono::milliseconds(options_.deadline_ms));
    if (status && *status >= 200 && *status < 300) {
      exported_.fetch_add(batch.size(), std::memory_order_relaxed);
      return true;
    }
    failures_.fetch_add(1, std::memory_order_relaxed);
    const std::string reason = status ? fmt::format("status {}", *status) : status.error().message;
    Log(LogLevel::Warning, "traces-not-sent", {{.name = "reason", .value = std::string_view(reason)}});
    if (!IsWorthAnother(status) || attempt == options_.attempts || !Pause(pause)) break;
  }
  dropped_.fetch_add(batch.size(), std::memory_order_relaxed);
  return false;
}

void TraceExporter::AppendFigures(std::string& out) const {
  const auto add = [&](std::string_view name, std::string_view help, uint64_t value) {
    AppendMetric(out, name, "counter", help);
    AppendSample(out, name, {}, static_cast<double>(value));
  };
  add("remit_traces_exported_total", "Traced requests that the collector took", exported_);
  add("remit_traces_dropped_total", "Traced requests that were lost, because the collector was away or slow", dropped_);
  add("remit_trace_failures_total", "Attempts to send traces that failed", failures_);
}

}  // namespace remit::server
