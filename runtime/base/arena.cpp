#include "runtime/base/arena.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace remit {
namespace {

constexpr size_t kFirstBlock = 4096;
constexpr size_t kDoublingBlocks = size_t{64} << 10;
constexpr size_t kLargestBlock = size_t{256} << 10;

// Blocks double while they are small; then the last one is an eighth of the whole at most, for half of it is never used on average.
auto NextBlock(size_t last, size_t footprint) -> size_t {
  return last < kDoublingBlocks ? last * 2 : std::clamp(footprint / 8, kDoublingBlocks, kLargestBlock);
}

}  // namespace

auto Arena::Allocate(size_t size, size_t alignment) -> void* {
  auto address = (reinterpret_cast<uintptr_t>(next_) + alignment - 1) & ~(alignment - 1);
  if (next_ == nullptr || size > reinterpret_cast<uintptr_t>(end_) - std::min(address, reinterpret_cast<uintptr_t>(end_))) {
    const size_t next = blocks_.empty() ? kFirstBlock : NextBlock(blocks_.back().size, footprint_);
    const size_t block_size = std::max(next, size + alignment);
    blocks_.push_back({.bytes = std::make_unique_for_overwrite<std::byte[]>(block_size), .size = block_size});
    footprint_ += block_size;
    next_ = blocks_.back().bytes.get();
    end_ = next_ + block_size;
    address = (reinterpret_cast<uintptr_t>(next_) + alignment - 1) & ~(alignment - 1);
  }
  next_ = reinterpret_cast<std::byte*>(address) + size;
  return reinterpret_cast<void*>(address);
}

auto Arena::CopyString(std::string_view text) -> std::string_view {
  if (text.empty()) {
    return {};
  }
  auto bytes = NewArray<char>(text.size());
  std::memcpy(bytes.data(), text.data(), text.size());
  return {bytes.data(), bytes.size()};
}

void Arena::Recycle() {
  auto largest = std::ranges::max_element(blocks_, {}, &Block::size);
  std::swap(*largest, blocks_.front());
  blocks_.resize(1);
  footprint_ = blocks_.front().size;
  first_ = blocks_.front().bytes.get();
  next_ = first_;
  end_ = next_ + footprint_;
}

}  // namespace remit
