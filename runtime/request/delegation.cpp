#include "runtime/request/delegation.h"

#include <fmt/format.h>

#include <algorithm>

namespace remit {
auto MembersOf(EntityUid principal, std::span<const EntityUid> delegation) -> Expected<std::vector<EntityUid>> {
  std::vector<EntityUid> members(delegation.begin(), delegation.end());
  if (members.empty() || members.back() != principal) members.push_back(principal);
  if (members.size() > kMaxDelegation + 1) {
    return Fail("delegation-too-long", fmt::format("a request may be made on behalf of {} principals at most", kMaxDelegation));
  }
  auto sorted = members;
  std::ranges::sort(sorted);
  if (std::ranges::adjacent_find(sorted) != sorted.end()) return Fail("delegation-loop", "somebody is in the chain of delegation twice");
  return members;
}

}  // namespace remit
