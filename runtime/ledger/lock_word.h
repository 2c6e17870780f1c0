// A lock of one word, held for as long as it takes to add a few numbers.
//
// Released with a plain store, which costs a tenth of an exchange; a waiter spins, then gives its processor away. A mutex (a call, 40 bytes, two
// read-modify-writes) would double the price of a reservation. Meets the requirements of std::lock_guard.
#pragma once

#include <atomic>
#include <chrono>
#include <thread>

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

namespace remit::ledger {

class LockWord {
 public:
  void lock() {
    while (taken_.exchange(true, std::memory_order_acquire)) Wait();
  }
  auto try_lock() -> bool { return !taken_.exchange(true, std::memory_order_acquire); }
  void unlock() { taken_.store(false, std::memory_order_release); }

 private:
  // Until it looks free. The holder may have lost its processor: after some rounds spinning only keeps it from getting it back.
  [[gnu::noinline]] void Wait() const {
    constexpr int kSpins = 200;
    constexpr int kYields = 400;
    for (int round = 0; taken_.load(std::memory_order_relaxed); ++round) {
      if (round < kSpins) {
        Pause();
      } else if (round < kYields) {
        std::this_thread::yield();
      } else {
        std::this_thread::sleep_for(std::chrono::microseconds(50));
      }
    }
  }

  static void Pause() {
#if defined(__x86_64__) || defined(__i386__)
    _mm_pause();
#endif
  }

  std::atomic<bool> taken_ = false;
};

}  // namespace remit::ledger
