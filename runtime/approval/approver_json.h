// People who approved, in JSON: the same in grants and in tickets.
#pragma once

#include <string>
#include <vector>

#include "runtime/approval/grant.h"
#include "runtime/approval/json_fields.h"

namespace remit::approval {

auto ApproversToJson(const std::vector<Approver>& approvers) -> std::string;
auto ReadApprovers(JsonFields& fields, std::string_view key, bool& ok) -> std::vector<Approver>;

}  // namespace remit::approval
