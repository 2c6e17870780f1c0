#include "runtime/approval/uid_text.h"

#include "runtime/approval/canonical_json.h"
#include "runtime/base/text.h"

namespace remit::approval {

auto ToUidText(EntityUid uid, const Interner& interner) -> UidText {
  return {.type = std::string(interner.text(uid.type)), .id = std::string(interner.text(uid.id))};
}

auto UidToJson(const UidText& uid) -> std::string { return CanonicalObject().AddString("id", uid.id).AddString("type", uid.type).Finish(); }

auto UidsToJson(const std::vector<UidText>& uids) -> std::string {
  std::vector<std::string> elements;
  elements.reserve(uids.size());
  for (const auto& uid : uids) elements.push_back(UidToJson(uid));
  return CanonicalArray(elements);
}

auto FormatUid(const UidText& uid) -> std::string { return uid.type + "::" + QuoteString(uid.id); }

}  // namespace remit::approval
