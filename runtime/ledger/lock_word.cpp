#include "runtime/ledger/lock_word.h"

#include <algorithm>
#include <chrono>
#include <thread>

#include "runtime/base/check.h"

#if defined(__linux__)
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif
#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

namespace remit::ledger {
namespace {

void Pause() {
#if defined(__x86_64__) || defined(__i386__)
  _mm_pause();
#endif
}

// Until it looks free. The holder may have lost its processor: after some rounds spinning only keeps it from getting it back.
[[gnu::noinline]] void WaitWhile(const std::atomic<bool>& flag) {
  constexpr int kSpins = 200;
  constexpr int kYields = 400;
  for (int round = 0; flag.load(std::memory_order_acquire); ++round) {
    if (round < kSpins) {
      Pause();
    } else if (round < kYields) {
      std::this_thread::yield();
    } else {
      std::this_thread::sleep_for(std::chrono::microseconds(50));
    }
  }
}

// ThreadSanitizer knows nothing of barriers in other threads.
#if defined(__linux__) && !defined(__SANITIZE_THREAD__)
auto Membarrier(int command) -> bool { return syscall(SYS_membarrier, command, 0, 0) == 0; }

auto HasBarrier() -> bool {
  static const bool registered = Membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
  return registered;
}

// A full barrier in every thread of this process that runs.
void BarrierInAll() {
  const bool done = Membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) ||
                    (Membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) && Membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED));
  CHECK(done, "membarrier(2) worked before: has it been forbidden since?");
}
#else
auto HasBarrier() -> bool { return false; }
void BarrierInAll() {}
#endif

}  // namespace

void LockWord::LockShared() {
  while (taken_.exchange(true, std::memory_order_acquire)) WaitWhile(taken_);
  const uintptr_t word = word_.load(std::memory_order_relaxed);
  if ((word & kState) == kOwner && word != 0) {
    Revoke(word);
  } else {
    Count();
  }
}

void LockWord::Revoke(uintptr_t owner) {
  word_.store(owner | kRevoking, std::memory_order_relaxed);
  BarrierInAll();
  WaitWhile(inside_);
  word_.store(owner | kRevoked, std::memory_order_relaxed);
  in_a_row_ = 0;
  if (revocations_ < UINT8_MAX) ++revocations_;
}

// Whether this thread has had it often enough to be the owner.
void LockWord::Count() {
  constexpr uint32_t kRounds = 64;
  constexpr uint32_t kMoreEachTime = 4;  // powers of two
  const uintptr_t self = Self();
  const uintptr_t word = word_.load(std::memory_order_relaxed);
  if ((word & ~kState) != self) {
    in_a_row_ = 0;
    if ((word & kState) != kRevoked) word_.store(self | kCandidate, std::memory_order_relaxed);
    return;
  }
  const uint32_t needed = kRounds << std::min<uint32_t>(kMoreEachTime * revocations_, 24);
  if (++in_a_row_ < needed || !HasBarrier()) return;
  inside_.store(true, std::memory_order_relaxed);
  word_.store(self | kOwner, std::memory_order_relaxed);
  taken_.store(false, std::memory_order_release);
}

}  // namespace remit::ledger
