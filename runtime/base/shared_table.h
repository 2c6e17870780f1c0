// A table whose copies share what they have in common: a copy copies one pointer for each chunk, and writing to it copies the chunk.
//
// For what is large and mostly stays as it was from one version to the next. A vector copies all of it; a tree, as of entity rows, would share its
// upper levels too, which here are a thousandth of the whole.
//
// Thread rule: const use is free. INVARIANT: a table that was copied is not written to again, only its copies are.
#pragma once

#include <array>
#include <cstddef>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace remit {

template <typename T>
class SharedTable {
 public:
  class Iterator {
   public:
    using value_type = T;
    using difference_type = std::ptrdiff_t;

    Iterator() = default;
    Iterator(const SharedTable* table, size_t at) : table_(table), at_(at) {}
    auto operator*() const -> const T& { return (*table_)[at_]; }
    auto operator->() const -> const T* { return &(*table_)[at_]; }
    auto operator++() -> Iterator& {
      ++at_;
      return *this;
    }
    auto operator++(int) -> Iterator { return {table_, at_++}; }
    friend auto operator==(const Iterator& a, const Iterator& b) -> bool { return a.at_ == b.at_; }

   private:
    const SharedTable* table_ = nullptr;
    size_t at_ = 0;
  };

  SharedTable() = default;
  SharedTable(const SharedTable& other) : chunks_(other.chunks_), size_(other.size_), shared_(other.chunks_.size()) {}
  SharedTable(SharedTable&& other) noexcept
      : chunks_(std::move(other.chunks_)), size_(std::exchange(other.size_, 0)), shared_(std::exchange(other.shared_, 0)) {}
  auto operator=(const SharedTable& other) -> SharedTable& { return *this = SharedTable(other); }
  auto operator=(SharedTable&& other) noexcept -> SharedTable& {
    std::swap(chunks_, other.chunks_);
    std::swap(size_, other.size_);
    std::swap(shared_, other.shared_);
    return *this;
  }
  ~SharedTable() = default;

  auto size() const -> size_t { return size_; }
  auto empty() const -> bool { return size_ == 0; }
  auto operator[](size_t at) const -> const T& { return (*chunks_[at / kChunk])[at % kChunk]; }
  auto begin() const -> Iterator { return {this, 0}; }
  auto end() const -> Iterator { return {this, size_}; }

  auto Writable(size_t at) -> T& {
    auto& chunk = chunks_[at / kChunk];
    if (at / kChunk < shared_) {
      chunk = std::make_shared<Chunk>(*chunk);
      if (at / kChunk + 1 == shared_) --shared_;
    }
    return (*chunk)[at % kChunk];
  }
  void push_back(T item) {
    resize(size_ + 1);
    Writable(size_ - 1) = std::move(item);
  }
  // To at least what it was.
  void resize(size_t size) {
    while (chunks_.size() * kChunk < size) chunks_.push_back(std::make_shared<Chunk>());
    size_ = size;
  }

 private:
  static constexpr size_t kChunk = 64;
  using Chunk = std::array<T, kChunk>;

  std::vector<std::shared_ptr<Chunk>> chunks_;
  size_t size_ = 0;
  size_t shared_ = 0;  // so many chunks are also those of the table that this is a copy of
};

}  // namespace remit
