// A token bucket in one word: the time at which it will be full again (GCRA, ITU-T I.371).
//
// Threads: any; no lock.
#pragma once

#include <atomic>
#include <cstdint>

namespace remit::server {

class RateLimiter {
 public:
  // `rate` requests a second, above 0; a second's worth of them at once.
  explicit RateLimiter(double rate) : cost_us_(static_cast<int64_t>(1e6 / rate)) {}

  auto Take(int64_t now_us) -> bool {
    constexpr int64_t kBurstUs = 1'000'000;
    int64_t full_at = full_at_us_.load(std::memory_order_relaxed);
    while (true) {
      const int64_t base = full_at > now_us ? full_at : now_us;
      if (base + cost_us_ - now_us > (cost_us_ > kBurstUs ? cost_us_ : kBurstUs)) return false;
      if (full_at_us_.compare_exchange_weak(full_at, base + cost_us_, std::memory_order_relaxed)) return true;
    }
  }

 private:
  const int64_t cost_us_;
  std::atomic<int64_t> full_at_us_ = 0;
};

}  // namespace remit::server
