// Blocks of one size that a thread keeps for its next use.
//
// What is larger than a kilobyte and comes and goes with every request is split off and joined again by the C library each time, and now and then all of
// its free memory is put in order for it. A few blocks that wait at the thread take none of that; an allocator for the whole process, the alternative,
// is one more thing to ship.
//
// Threads: any may give back what another took. Static objects may give back after the thread's blocks are gone: those go to the system.
#pragma once

#include <array>
#include <cstddef>
#include <new>
#include <vector>

namespace remit {

// AddressSanitizer sees what is used after it was given back only where nothing is kept.
#if defined(__SANITIZE_ADDRESS__)
inline constexpr bool kKeepsSpare = false;
#else
inline constexpr bool kKeepsSpare = true;
#endif

template <size_t kBytes>
class SpareBlocks {
 public:
  static auto Take() -> void* {
    Shelf& shelf = Own();
    return shelf.count > 0 ? shelf.blocks[--shelf.count] : ::operator new(kBytes);
  }
  static void GiveBack(void* block) {
    Shelf& shelf = Own();
    if (!kKeepsSpare || is_over || shelf.count == kMost) return ::operator delete(block, kBytes);
    shelf.blocks[shelf.count++] = block;
  }

 private:
  static constexpr size_t kMost = 4;

  // INVARIANT: trivially destructible, so that it may be looked at when the thread ends.
  struct Shelf {
    std::array<void*, kMost> blocks;
    size_t count;
  };
  struct Sweeper {
    Shelf& shelf;

    ~Sweeper() {
      while (shelf.count > 0) ::operator delete(shelf.blocks[--shelf.count], kBytes);
      is_over = true;
    }
  };

  static auto Own() -> Shelf& {
    static thread_local constinit Shelf shelf = {};
    if (!is_over) {
      static thread_local Sweeper sweeper{shelf};
    }
    return shelf;
  }

  static thread_local constinit inline bool is_over = false;
};

// Arrays whose sizes differ, from blocks of a few sizes. Small ones are the C library's, which has lists of those at the thread too.
class SpareArrays {
 public:
  static auto Take(size_t bytes) -> void* {
    if (bytes > kSmall && bytes <= kMiddle) return SpareBlocks<kMiddle>::Take();
    if (bytes > kMiddle && bytes <= kLarge) return SpareBlocks<kLarge>::Take();
    return ::operator new(bytes);
  }
  static void GiveBack(void* block, size_t bytes) {
    if (bytes > kSmall && bytes <= kMiddle) return SpareBlocks<kMiddle>::GiveBack(block);
    if (bytes > kMiddle && bytes <= kLarge) return SpareBlocks<kLarge>::GiveBack(block);
    ::operator delete(block, bytes);
  }

 private:
  static constexpr size_t kSmall = 1024;
  static constexpr size_t kMiddle = size_t{8} << 10;
  static constexpr size_t kLarge = size_t{32} << 10;
};

template <typename T>
struct SpareArrayAllocator {
  using value_type = T;

  SpareArrayAllocator() = default;
  template <typename U>
  explicit SpareArrayAllocator(const SpareArrayAllocator<U>& /*other*/) {}

  auto allocate(size_t count) -> T* {
    static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
    return static_cast<T*>(SpareArrays::Take(count * sizeof(T)));
  }
  void deallocate(T* block, size_t count) { SpareArrays::GiveBack(block, count * sizeof(T)); }
  friend auto operator==(const SpareArrayAllocator& /*a*/, const SpareArrayAllocator& /*b*/) -> bool { return true; }
};
template <typename T>
using SpareVector = std::vector<T, SpareArrayAllocator<T>>;

}  // namespace remit
