#include "bench/decide_for.h"

#include <algorithm>

#include "bench/measure.h"
#include "runtime/engine/session.h"

namespace remit::bench {

auto DecideFor(std::chrono::milliseconds time, const Workload& workload, LoadedWorkload& loaded, Engine& engine) -> DecisionTimes {
  using Clock = std::chrono::steady_clock;
  Session session(engine);
  std::vector<PreparedRequest> requests;
  {
    const auto lock = engine.Lock();
    for (const auto& text : workload.Requests("requests"))
      requests.emplace_back(loaded.ToRequest(text, loaded.job.interner), loaded.schema);
  }
  // Written to beforehand: a page's first use would take the caches, and make decisions fewer and so more of them meet a change.
  std::vector<uint32_t> ticks(size_t{1} << 25);
  ticks.clear();
  const auto begin = Clock::now();
  const uint64_t first = Ticks();
  while (Clock::now() - begin < time && ticks.size() + requests.size() < ticks.capacity()) {
    for (auto& request : requests) {
      const uint64_t start = Ticks();
      Keep(session.Decide(request));
      ticks.push_back(static_cast<uint32_t>(std::min<uint64_t>(Ticks() - start, UINT32_MAX)));
    }
  }
  const double per_nanosecond =
      static_cast<double>(Ticks() - first) / std::chrono::duration<double, std::nano>(Clock::now() - begin).count();
  std::ranges::sort(ticks);
  const auto at = [&](double part) {
    return static_cast<double>(ticks[static_cast<size_t>(static_cast<double>(ticks.size()) * part)]) / per_nanosecond;
  };
  return {.median = at(0.5), .p99 = at(0.99), .p9999 = at(0.9999)};
}

}  // namespace remit::bench
