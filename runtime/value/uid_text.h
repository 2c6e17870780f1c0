// An entity uid in text, as it is written down, signed and sent: symbols differ from node to node.
#pragma once

#include <string>

#include "runtime/value/value.h"

namespace remit {

// Ordered by type, then id.
struct UidText {
  std::string type;
  std::string id;

  friend auto operator<=>(const UidText&, const UidText&) = default;
};

auto ToUidText(EntityUid uid, const Interner& interner) -> UidText;

// `User::"ana"`, for messages.
auto FormatUid(const UidText& uid) -> std::string;

}  // namespace remit
