// What a guard has made certain: after `x has a` the attribute `a` of x is there to be read.
//
// Source: Cedar's validator, capabilities.
#pragma once

#include <algorithm>
#include <set>

#include "compiler/check/shapes.h"

namespace remit::check {

enum class CapabilityKind : uint8_t {
  Attribute,  // `name` is a symbol
  Tag,        // `name` is the shape of the tag's expression
  State,      // `budget has NAME`: `subject` is the kind of state, `name` a symbol
};

struct Capability {
  CapabilityKind kind;
  uint32_t subject;  // a shape
  uint32_t name;

  friend auto operator<=>(const Capability&, const Capability&) = default;
};

using CapabilitySet = std::set<Capability>;

inline auto Union(CapabilitySet a, CapabilitySet b) -> CapabilitySet {
  if (a.size() < b.size()) a.swap(b);
  a.merge(b);
  return a;
}

inline auto Intersection(CapabilitySet a, const CapabilitySet& b) -> CapabilitySet {
  std::erase_if(a, [&](const Capability& each) { return !b.contains(each); });
  return a;
}

// All that is certain at a place: what the nearest guard says, and what was certain before it. Nothing is copied on the way down.
struct Known {
  const Known* outer = nullptr;
  const CapabilitySet* own = nullptr;

  auto Contains(const Capability& capability) const -> bool {
    for (const Known* at = this; at != nullptr; at = at->outer) {
      if (at->own != nullptr && at->own->contains(capability)) return true;
    }
    return false;
  }
};

}  // namespace remit::check
