// Requests made on behalf of others: who has to be allowed what the acting principal does.
#pragma once

#include <span>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/value/value.h"

namespace remit {

// Members besides the acting principal. Each costs a decision.
inline constexpr size_t kMaxDelegation = 16;

// Whoever the request is decided for: `delegation`, first the origin, and the acting principal, which may be its last member. Errors:
// "delegation-too-long", "delegation-loop".
auto MembersOf(EntityUid principal, std::span<const EntityUid> delegation) -> Expected<std::vector<EntityUid>>;

}  // namespace remit
