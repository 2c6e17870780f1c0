// One entity as both engines read it.
#pragma once

#include <atomic>
#include <cstddef>
#include <span>

#include "runtime/entity/ancestor_set.h"
#include "runtime/value/value.h"

namespace remit {

// Uids that lie elsewhere: a span that leaves room for four bytes behind it.
class UidList {
 public:
  UidList() = default;
  UidList(std::span<const EntityUid> uids) : data_(uids.data()), size_(static_cast<uint32_t>(uids.size())) {}
  UidList(std::span<EntityUid> uids) : UidList(std::span<const EntityUid>(uids)) {}

  auto span() const -> std::span<const EntityUid> { return {data_, size_}; }
  auto data() const -> const EntityUid* { return data_; }
  auto size() const -> size_t { return size_; }
  auto empty() const -> bool { return size_ == 0; }
  auto begin() const -> const EntityUid* { return data_; }
  auto end() const -> const EntityUid* { return data_ + size_; }
  auto operator[](size_t at) const -> EntityUid { return data_[at]; }

 private:
  const EntityUid* data_ = nullptr;
  uint32_t size_ = 0;
};

// Set once, by a writer, while others read; a copy is of another entity, and not marked.
class ReplacedMark {
 public:
  ReplacedMark() = default;
  ReplacedMark(const ReplacedMark& /*other*/) {}
  auto operator=(const ReplacedMark& /*other*/) -> ReplacedMark& { return *this; }
  ~ReplacedMark() = default;

  void Set() const { is_set_.store(true, std::memory_order_relaxed); }
  auto is_set() const -> bool { return is_set_.load(std::memory_order_relaxed); }

 private:
  mutable std::atomic<bool> is_set_ = false;
};

// As large as a cache line, which is where EntityRows puts it; native code reads it. Stays where it is while its store or a later one of the same line does.
struct Entity {
  EntityUid uid;
  RecordView attrs;
  RecordView tags;
  [[no_unique_address]] UidList parents;  // as given, without repetitions
  // A later store of its line has another entity in its place, or none; set before that store can be seen.
  [[no_unique_address]] ReplacedMark replaced = {};
  const AncestorSet* ancestors = nullptr;  // the entity itself not included; null: too many to list, see EntityStore
};
static_assert(sizeof(Entity) == 64);

}  // namespace remit
