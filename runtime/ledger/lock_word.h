// A lock that is held for as long as it takes to add a few numbers, and that costs a thread which has it to itself two plain stores.
//
// Most locks of a ledger are taken by one thread many times in a row. Such a thread becomes the lock's owner: it says that it is inside with a store,
// and looks whether somebody objects. Whoever else comes takes the flag that all others take, objects, makes sure by a barrier in all threads of the
// process (membarrier(2)) that the owner has seen it or is seen inside, and waits. Two read-modify-writes in place of that were a third of a
// reservation. (Dice, Moir, Scherer: Quickly Reacquirable Locks, 2003; Linux' membarrier is their serialization.)
//
// Only one thread is ever the owner of a lock, so that a late store of a former owner cannot hide a later one. It may become so again, after more
// rounds each time: objecting costs microseconds.
//
// Others release with a plain store, which costs a tenth of an exchange; a waiter spins, then gives its processor away. A mutex (a call, 40
// bytes, two read-modify-writes) would double the price of a reservation. Meets the requirements of std::lock_guard; is unlocked by the thread
// that locked it.
#pragma once

#include <atomic>
#include <cstdint>

namespace remit::ledger {

class LockWord {
 public:
  void lock() {
    if (!EnterAsOwner()) LockShared();
  }
  void unlock() {
    if ((word_.load(std::memory_order_relaxed) & ~kRevoking) == Self()) {
      inside_.store(false, std::memory_order_release);
    } else {
      taken_.store(false, std::memory_order_release);
    }
  }

 private:
  // Of `word_`: a thread, and what it is. Changed while `taken_` is held only.
  static constexpr uintptr_t kOwner = 0;
  static constexpr uintptr_t kCandidate = 1;  // the last one to lock
  static constexpr uintptr_t kRevoking = 2;  // the owner, and somebody objects
  static constexpr uintptr_t kRevoked = 3;  // was the owner, and no other will be
  static constexpr uintptr_t kState = 3;

  // Threads are told apart by where they keep what is theirs. One that got the place of another that ended may go on in its name.
  static auto Self() -> uintptr_t { return reinterpret_cast<uintptr_t>(__builtin_thread_pointer()); }

  auto EnterAsOwner() -> bool {
    const uintptr_t self = Self();
    if (word_.load(std::memory_order_relaxed) != (self | kOwner)) return false;
    inside_.store(true, std::memory_order_relaxed);
    std::atomic_signal_fence(std::memory_order_seq_cst);  // the other half is the barrier of whoever objects
    if (word_.load(std::memory_order_acquire) == (self | kOwner)) return true;
    inside_.store(false, std::memory_order_release);
    return false;
  }
  void LockShared();
  void Revoke(uintptr_t owner);
  void Count();

  std::atomic<uintptr_t> word_ = 0;
  uint32_t in_a_row_ = 0;  // with `taken_` held
  uint8_t revocations_ = 0;  // the same
  std::atomic<bool> taken_ = false;
  std::atomic<bool> inside_ = false;  // the owner is
};

}  // namespace remit::ledger
