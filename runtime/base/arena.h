// A bump allocator for values that live and die together: one request, one entity store, one program.
//
// Values are trivially destructible and never freed one by one, so an evaluation allocates by moving a pointer
// and `Reset` makes a warm arena reusable without returning memory to the system.
//
// Not thread-safe: an arena belongs to one thread at a time. What it holds may be read by many once it is complete.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace remit {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  auto operator=(const Arena&) -> Arena& = delete;
  Arena(Arena&&) = default;
  auto operator=(Arena&&) -> Arena& = default;

  // `size` bytes aligned to `alignment` (a power of two), uninitialised.
  auto Allocate(size_t size, size_t alignment) -> void*;

  // Room for `count` values of T, uninitialised; T is trivially copyable and destructible.
  template <typename T>
  auto NewArray(size_t count) -> std::span<T> {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);
    return {static_cast<T*>(Allocate(count * sizeof(T), alignof(T))), count};
  }

  template <typename T>
  auto New(const T& value) -> T* {
    static_assert(std::is_trivially_destructible_v<T>);
    return ::new (Allocate(sizeof(T), alignof(T))) T(value);
  }

  template <typename T>
  auto Copy(std::span<const T> items) -> std::span<const T> {
    auto copy = NewArray<T>(items.size());
    std::uninitialized_copy(items.begin(), items.end(), copy.begin());
    return copy;
  }

  auto CopyString(std::string_view text) -> std::string_view;

  // Forgets everything allocated; keeps the largest block for reuse.
  void Reset() {
    if (next_ != first_) Recycle();
  }

  // Bytes taken from the system.
  auto footprint() const -> size_t { return footprint_; }

 private:
  struct Block {
    std::unique_ptr<std::byte[]> bytes;
    size_t size = 0;
  };

  void Recycle();

  std::vector<Block> blocks_;
  std::byte* first_ = nullptr;  // where `next_` is after a reset
  std::byte* next_ = nullptr;
  std::byte* end_ = nullptr;
  size_t footprint_ = 0;
};

}  // namespace remit
