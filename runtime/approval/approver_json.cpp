#include "runtime/approval/approver_json.h"

#include "runtime/approval/canonical_json.h"

namespace remit::approval {

auto ApproversToJson(const std::vector<Approver>& approvers) -> std::string {
  std::vector<std::string> elements;
  for (const auto& approver : approvers) {
    CanonicalObject object;
    object.Add("person", UidToJson(approver.person)).AddInteger("at", approver.at_ms);
    if (!approver.acting_for.empty()) object.Add("acting_for", UidsToJson(approver.acting_for));
    elements.push_back(object.Finish());
  }
  return CanonicalArray(elements);
}

auto ReadApprovers(JsonFields& fields, std::string_view key, bool& ok) -> std::vector<Approver> {
  std::vector<Approver> approvers;
  for (const auto& element : fields.Array(key)) {
    JsonFields approver(element, ok);
    approvers.push_back({.person = approver.Uid("person"),
                         .acting_for = approver.Has("acting_for") ? approver.Uids("acting_for") : std::vector<UidText>{},
                         .at_ms = approver.Integer("at")});
  }
  return approvers;
}

}  // namespace remit::approval
