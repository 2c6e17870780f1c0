// Where a search goes on: an opaque text, sealed together with what it is good for.
//
// A token names a position in the snapshot's own order, which costs nothing to find again and means nothing elsewhere. So it holds for the same
// question, the same page size and the same snapshot; anything else is refused. Tokens that name the last result, the alternative, outlive a snapshot,
// but need all candidates sorted for every page.
#pragma once

#include <string>
#include <string_view>

#include "runtime/server/authzen/state.h"

namespace remit::authzen {

struct PagePosition {
  uint32_t next = 0;  // the first candidate that was not looked at
  uint32_t limit = 0;  // of the pages
};

// `question`: the canonical text of everything that must stay the same. `snapshot`: its number.
auto MakePageToken(const State& state, std::string_view question, uint64_t snapshot, PagePosition position) -> std::string;
// "page-token-invalid": not one of ours, or one for another question; "page-token-stale": policies or entities have changed since.
auto ReadPageToken(const State& state, std::string_view question, uint64_t snapshot, std::string_view token) -> Expected<PagePosition>;

}  // namespace remit::authzen
