// Entity uids in text (runtime/value/uid_text.h) as canonical JSON.
#pragma once

#include <string>
#include <vector>

#include "runtime/value/uid_text.h"

namespace remit::approval {

using remit::FormatUid;
using remit::ToUidText;
using remit::UidText;

// `{"id":"ana","type":"User"}`, canonical.
auto UidToJson(const UidText& uid) -> std::string;
auto UidsToJson(const std::vector<UidText>& uids) -> std::string;

}  // namespace remit::approval
