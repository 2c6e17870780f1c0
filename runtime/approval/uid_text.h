// An entity uid in text, as it is written down, signed and sent: symbols differ from node to node.
#pragma once

#include <string>
#include <vector>

#include "runtime/value/value.h"

namespace remit::approval {

struct UidText {
  std::string type;
  std::string id;

  friend auto operator<=>(const UidText&, const UidText&) = default;
};

auto ToUidText(EntityUid uid, const Interner& interner) -> UidText;

// `{"id":"ana","type":"User"}`, canonical.
auto UidToJson(const UidText& uid) -> std::string;
auto UidsToJson(const std::vector<UidText>& uids) -> std::string;

// `User::"ana"`, for messages.
auto FormatUid(const UidText& uid) -> std::string;

}  // namespace remit::approval
