#include "runtime/value/uid_text.h"

#include "runtime/base/text.h"

namespace remit {

auto ToUidText(EntityUid uid, const Interner& interner) -> UidText {
  return {.type = std::string(interner.text(uid.type)), .id = std::string(interner.text(uid.id))};
}

auto FormatUid(const UidText& uid) -> std::string { return uid.type + "::" + QuoteString(uid.id); }

}  // namespace remit
