#include "bench/measure.h"

#include <iostream>

namespace remit::bench {
namespace {

template <typename T>
auto At(std::vector<T>& sorted, double part) -> T {
  return sorted[static_cast<size_t>(static_cast<double>(sorted.size() - 1) * part)];
}

// Ticks of the counter in a nanosecond, measured against the clock.
auto TicksPerNanosecond() -> double {
  const auto start = std::chrono::steady_clock::now();
  const uint64_t begin = Ticks();
  while (std::chrono::steady_clock::now() - start < std::chrono::milliseconds(20)) continue;
  const uint64_t ticks = Ticks() - begin;
  const std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - start;
  return static_cast<double>(ticks) / time.count();
}

// The mean of all but the slowest tenth, which was interrupted.
auto TrimmedMean(std::vector<uint64_t>& ticks) -> double {
  std::ranges::sort(ticks);
  const size_t kept = std::max<size_t>(1, ticks.size() - (ticks.size() + 9) / 10);
  uint64_t sum = 0;
  for (size_t i = 0; i < kept; ++i) sum += ticks[i];
  return static_cast<double>(sum) / static_cast<double>(kept);
}

// What two looks cost with nothing between them.
auto EmptyTicks() -> double {
  std::vector<uint64_t> samples;
  for (int i = 0; i < 20000; ++i) {
    const uint64_t begin = Ticks();
    samples.push_back(Ticks() - begin);
  }
  return TrimmedMean(samples);
}

// The time of each request, sorted.
auto PerRequest(const Samples& samples) -> std::vector<double> {
  std::vector<double> means;
  for (size_t i = 0; i < samples.checked; ++i) {
    std::vector<uint64_t> ticks;
    for (size_t at = i; at < samples.ticks.size(); at += samples.checked) ticks.push_back(samples.ticks[at]);
    means.push_back(TrimmedMean(ticks));
  }
  std::ranges::sort(means);
  return means;
}

}  // namespace

auto IsWanted(const std::string& mode) -> bool {
  const char* modes = std::getenv("REMIT_BENCH_MODES");
  return modes == nullptr || ("," + std::string(modes) + ",").find("," + mode + ",") != std::string::npos;
}

void FlushCaches() {
  static std::vector<uint64_t> junk(size_t{8} << 20);
  for (auto& word : junk) ++word;
  Keep(junk);
}

void Report(const Workload& workload, const std::string& file, const Label& label, Samples samples) {
  static const double kTicksPerNanosecond = TicksPerNanosecond();
  static const double kEmpty = EmptyTicks();
  auto per_request = PerRequest(samples);
  std::ranges::sort(samples.ticks);
  std::ranges::sort(samples.round_means);
  const auto nanoseconds = [](double ticks) { return std::max(0.0, (ticks - kEmpty) / kTicksPerNanosecond); };
  const nlohmann::json line = {
      {"engine", label.name},
      {"version", label.version},
      {"mode", label.mode},
      {"compares", label.compares_all ? "all" : "decision"},
      {"workload", workload.app},
      {"n", workload.n},
      {"requests", file},
      {"rounds", samples.rounds},
      {"decisions", samples.ticks.size()},
      {"median_ns", nanoseconds(At(per_request, 0.5))},
      {"p99_ns", nanoseconds(static_cast<double>(At(samples.ticks, 0.99)))},
      {"mean_ns", At(samples.round_means, 0.5)},
      {"checked", samples.checked},
      {"allowed", samples.allowed},
      {"mismatches", samples.mismatches},
  };
  std::cout << line.dump() << std::endl;
}

void Figure(const Workload& workload, const Label& label, const std::string& measure, double value, const std::string& unit) {
  const nlohmann::json line = {{"engine", label.name}, {"version", label.version}, {"measure", measure}, {"workload", workload.app},
                               {"n", workload.n},      {"value", value},           {"unit", unit}};
  std::cout << line.dump() << std::endl;
}

}  // namespace remit::bench
