// The uses of grants, as a store keeps them: one record for each use of each grant, so that who takes a use is decided by one compare-and-set.
//
// A counter for each grant, the alternative, cannot tell whose use is given back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/approval/approval_store.h"
#include "runtime/approval/digest.h"

namespace remit::approval {

// Held while the decision that takes it is on its way, used once that has been executed.
struct Use {
  bool is_held = true;
  std::string holder;  // who took it: one redemption
  Digest request;  // the exact digest
  std::string request_id;  // empty: the request has none

  // The same request asked again.
  auto IsOf(const Digest& digest, std::string_view id) const -> bool {
    return !request_id.empty() && request_id == id && request == digest;
  }
};

auto UseToText(const Use& use) -> std::string;
// None if it is no use: then it is taken, by whoever wrote that.
auto UseFromText(std::string_view text) -> std::optional<Use>;

auto UseKey(std::string_view grant_id, uint32_t number) -> std::string;
auto RevocationKey(std::string_view grant_id) -> std::string;

// What a look at the uses of a grant found. Another node may take the same use next.
struct UseSearch {
  enum class Found : uint8_t {
    Free,
    HeldBySame,  // by the same request, whose first attempt did not come to its end
    UsedBySame,  // by the same request: it has been executed
    NoneLeft,
  };
  Found found = Found::NoneLeft;
  uint32_t number = 0;
  std::string present;  // the record, if there is one
};

auto FindUse(ApprovalStore& store, std::string_view grant_id, uint32_t uses, const Digest& request, std::string_view request_id)
    -> Expected<UseSearch>;

}  // namespace remit::approval
