// The dial: every request ends in one of these, and the lowest wins.
#pragma once

#include <cstdint>
#include <string_view>

namespace remit {

enum class Outcome : uint8_t { Deny, Observe, Draft, Approve, Execute };

constexpr auto OutcomeName(Outcome outcome) -> std::string_view {
  switch (outcome) {
    case Outcome::Deny: return "deny";
    case Outcome::Observe: return "observe";
    case Outcome::Draft: return "draft";
    case Outcome::Approve: return "approve";
    case Outcome::Execute: return "execute";
  }
  return "";
}

}  // namespace remit
