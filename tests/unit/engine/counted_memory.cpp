#include "tests/unit/engine/counted_memory.h"

#include <cstdlib>
#include <new>

namespace remit_test {

thread_local int64_t allocations = 0;

}  // namespace remit_test

namespace {

auto Allocate(std::size_t size) -> void* {
  ++remit_test::allocations;
  return std::malloc(size != 0 ? size : 1);
}

}  // namespace

auto operator new(std::size_t size) -> void* {
  void* memory = Allocate(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
auto operator new[](std::size_t size) -> void* { return operator new(size); }
auto operator new(std::size_t size, const std::nothrow_t& /*nothrow*/) noexcept -> void* { return Allocate(size); }
auto operator new[](std::size_t size, const std::nothrow_t& /*nothrow*/) noexcept -> void* { return Allocate(size); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t /*size*/) noexcept { std::free(memory); }
