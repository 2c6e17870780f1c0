// Which parts of an entity are known. Entities that partial evaluation reads may leave parts out; elsewhere everything is known.
#pragma once

#include <cstdint>
#include <unordered_map>

namespace remit {

struct KnownParts {
  bool attrs = true;
  bool tags = true;
  bool parents = true;

  auto all() const -> bool { return attrs && tags && parents; }
};

// By EntityUid::packed(): the entities of which something is not known.
using KnownPartsMap = std::unordered_map<uint64_t, KnownParts>;

}  // namespace remit
