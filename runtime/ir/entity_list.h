// The entities that one scope test names, in eight bytes: none or one in place, more of them (lists of actions) on the heap.
//
// A million links are a million rows with three tests each, nearly all of which name one entity or none: a std::vector would be 24 bytes and an
// allocation for each. What is stored is the uid, or, with a type number that no interner comes to, the address of a vector.
//
// Thread rule: that of a std::vector.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <span>
#include <utility>
#include <vector>

#include "runtime/value/value.h"

namespace remit::ir {

class EntityList {
 public:
  EntityList() = default;
  EntityList(std::initializer_list<EntityUid> uids) : EntityList(std::span(uids.begin(), uids.size())) {}
  explicit EntityList(std::span<const EntityUid> uids);
  ~EntityList() {
    if (IsMany()) delete &many();
  }
  EntityList(const EntityList& other) : EntityList(std::span(other.begin(), other.size())) {}
  EntityList(EntityList&& other) noexcept : one_(std::exchange(other.one_, {})) {}
  auto operator=(EntityList other) noexcept -> EntityList& {
    std::swap(one_, other.one_);
    return *this;
  }

  void push_back(EntityUid uid);

  auto empty() const -> bool { return one_ == EntityUid{}; }
  auto size() const -> size_t { return IsMany() ? many().size() : (empty() ? 0 : 1); }
  // Valid until the list moves or grows.
  auto begin() const -> const EntityUid* { return IsMany() ? many().data() : &one_; }
  auto end() const -> const EntityUid* { return begin() + size(); }
  auto operator[](size_t index) const -> EntityUid { return begin()[index]; }
  // Bytes on the heap.
  auto footprint() const -> size_t { return IsMany() ? sizeof(many()) + many().capacity() * sizeof(EntityUid) : 0; }

  friend auto operator==(const EntityList& a, const EntityList& b) -> bool { return std::ranges::equal(a, b); }

 private:
  using Many = std::vector<EntityUid>;
  // The upper half of `type` where the rest is an address, which has 48 bits.
  static constexpr uint32_t kManyTag = 0xFFFE0000;

  auto IsMany() const -> bool { return (one_.type.value & 0xFFFF0000) == kManyTag; }
  auto many() const -> Many& { return *reinterpret_cast<Many*>(one_.packed() & 0xFFFF'FFFF'FFFF); }

  EntityUid one_;  // EntityUid{}: none
};
static_assert(sizeof(EntityList) == 8);

}  // namespace remit::ir
