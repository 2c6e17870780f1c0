#include "runtime/approval/uid_text.h"

#include "runtime/approval/canonical_json.h"

namespace remit::approval {

auto UidToJson(const UidText& uid) -> std::string { return CanonicalObject().AddString("id", uid.id).AddString("type", uid.type).Finish(); }

auto UidsToJson(const std::vector<UidText>& uids) -> std::string {
  std::vector<std::string> elements;
  elements.reserve(uids.size());
  for (const auto& uid : uids) elements.push_back(UidToJson(uid));
  return CanonicalArray(elements);
}

}  // namespace remit::approval
