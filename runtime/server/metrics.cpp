#include "runtime/server/metrics.h"

#include <fmt/format.h>

#include <iterator>

namespace remit::server {
namespace {

using Counts = std::array<uint64_t, kLatencyBounds.size() + 1>;

void AppendHistogram(std::string& out, std::string_view outcome, const Counts& counts, uint64_t sum_ns) {
  uint64_t all = 0;
  for (size_t i = 0; i < counts.size(); ++i) {
    all += counts[i];
    const std::string bound = i < kLatencyBounds.size() ? fmt::format("{}", static_cast<double>(kLatencyBounds[i]) / 1e6) : "+Inf";
    AppendSample(out, "remit_decision_duration_seconds_bucket", fmt::format("outcome=\"{}\",le=\"{}\"", outcome, bound),
                 static_cast<double>(all));
  }
  const std::string label = fmt::format("outcome=\"{}\"", outcome);
  AppendSample(out, "remit_decision_duration_seconds_sum", label, static_cast<double>(sum_ns) / 1e9);
  AppendSample(out, "remit_decision_duration_seconds_count", label, static_cast<double>(all));
}

void AppendCounter(std::string& out, std::string_view name, std::string_view help, uint64_t value) {
  AppendMetric(out, name, "counter", help);
  AppendSample(out, name, {}, static_cast<double>(value));
}

}  // namespace

auto Metrics::NewCell() -> MetricCell& {
  const std::lock_guard lock(mutex_);
  return cells_.emplace_back();
}

void Metrics::AddCollector(Collector collector) {
  const std::lock_guard lock(mutex_);
  collectors_.push_back(std::move(collector));
}

auto Metrics::Text() const -> std::string {
  const std::lock_guard lock(mutex_);
  std::string out;
  AppendMetric(out, "remit_decision_duration_seconds", "histogram", "Time from a request that was read to its decision");
  for (size_t outcome = 0; outcome < kOutcomes; ++outcome) {
    Counts counts = {};
    uint64_t sum = 0;
    for (const MetricCell& cell : cells_) {
      const Histogram& histogram = cell.decisions[outcome];
      for (size_t i = 0; i < counts.size(); ++i) counts[i] += histogram.buckets[i].load(std::memory_order_relaxed);
      sum += histogram.sum_ns.load(std::memory_order_relaxed);
    }
    AppendHistogram(out, OutcomeName(static_cast<Outcome>(outcome)), counts, sum);
  }
  uint64_t refused = 0;
  uint64_t failed = 0;
  std::array<uint64_t, 6> responses = {};
  for (const MetricCell& cell : cells_) {
    refused += cell.decision_errors.load(std::memory_order_relaxed);
    failed += cell.evaluation_errors.load(std::memory_order_relaxed);
    for (size_t i = 0; i < responses.size(); ++i) responses[i] += cell.responses[i].load(std::memory_order_relaxed);
  }
  AppendCounter(out, "remit_decision_errors_total", "Requests that were refused with an error", refused);
  AppendCounter(out, "remit_evaluation_errors_total", "Policies that could not be evaluated on a request", failed);
  AppendMetric(out, "remit_http_responses_total", "counter", "Responses by the first digit of their status");
  for (size_t i = 2; i < responses.size(); ++i) {
    AppendSample(out, "remit_http_responses_total", fmt::format("status=\"{}xx\"", i), static_cast<double>(responses[i]));
  }
  AppendCounter(out, "remit_shadow_decisions_total", "Requests that a candidate version decided beside the live one", shadow_decisions);
  AppendCounter(out, "remit_shadow_differences_total", "Of these, those with another outcome", shadow_differences);
  AppendCounter(out, "remit_canary_decisions_total", "Requests that the candidate version decided", canary_decisions);
  AppendCounter(out, "remit_publications_total", "Policy versions and entities that were published", reloads);
  AppendCounter(out, "remit_publication_failures_total", "Those that were refused", reload_failures);
  for (const Collector& collect : collectors_) collect(out);
  return out;
}

void AppendMetric(std::string& out, std::string_view name, std::string_view type, std::string_view help) {
  fmt::format_to(std::back_inserter(out), "# HELP {} {}\n# TYPE {} {}\n", name, help, name, type);
}

void AppendSample(std::string& out, std::string_view name, std::string_view labels, double value) {
  out += name;
  if (!labels.empty()) fmt::format_to(std::back_inserter(out), "{{{}}}", labels);
  fmt::format_to(std::back_inserter(out), " {}\n", value);
}

auto LabelValue(std::string_view text) -> std::string {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out + '"';
}

}  // namespace remit::server
