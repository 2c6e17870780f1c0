// Counters and histograms in the Prometheus text format (0.0.4).
//
// Written by every thread on the decision path, so each thread adds to a cell of its own and a scrape adds them up. The library prometheus-cpp, the
// alternative, has one atomic for all threads and a map lookup for each label set.
//
// Threads: any.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <string>
#include <string_view>

#include "runtime/value/outcome.h"

namespace remit::server {

// Upper bounds in microseconds; the last bucket has none.
inline constexpr std::array<int64_t, 14> kLatencyBounds = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1'000, 5'000, 20'000, 100'000, 1'000'000};
inline constexpr size_t kOutcomes = 5;

struct Histogram {
  std::array<std::atomic<uint64_t>, kLatencyBounds.size() + 1> buckets = {};
  std::atomic<uint64_t> sum_ns = 0;

  void Add(int64_t ns) {
    size_t i = 0;
    while (i < kLatencyBounds.size() && ns > kLatencyBounds[i] * 1000) ++i;
    buckets[i].fetch_add(1, std::memory_order_relaxed);
    sum_ns.fetch_add(static_cast<uint64_t>(ns), std::memory_order_relaxed);
  }
};

// One thread's.
struct alignas(64) MetricCell {
  std::array<Histogram, kOutcomes> decisions = {};  // by outcome
  std::atomic<uint64_t> decision_errors = 0;  // refused with an error
  std::atomic<uint64_t> evaluation_errors = 0;  // policies that failed
  std::array<std::atomic<uint64_t>, 6> responses = {};  // by the first digit of the status
};

class Metrics {
 public:
  // Stays as long as this.
  auto NewCell() -> MetricCell&;
  // Adds text of its own to every scrape.
  using Collector = std::function<void(std::string& out)>;
  void AddCollector(Collector collector);
  auto Text() const -> std::string;

  std::atomic<uint64_t> shadow_decisions = 0;
  std::atomic<uint64_t> shadow_differences = 0;
  std::atomic<uint64_t> shadow_dropped = 0;
  std::atomic<uint64_t> canary_decisions = 0;
  std::atomic<uint64_t> reloads = 0;
  std::atomic<uint64_t> reload_failures = 0;

 private:
  mutable std::mutex mutex_;
  std::list<MetricCell> cells_;
  std::list<Collector> collectors_;
};

// For collectors: `# HELP`, `# TYPE`, and a sample. Labels are written as they are: `key="value"`.
void AppendMetric(std::string& out, std::string_view name, std::string_view type, std::string_view help);
void AppendSample(std::string& out, std::string_view name, std::string_view labels, double value);
// A label's value, with its quotes.
auto LabelValue(std::string_view text) -> std::string;

}  // namespace remit::server
