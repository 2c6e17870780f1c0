// The order in which common types can be built: each after those it names.
#pragma once

#include <vector>

#include "compiler/schema/definitions.h"

namespace remit {

// Positions in `definitions.common_types()`. Types that contain themselves are reported and left out; `has_cycles` is set then.
auto OrderCommonTypes(const Definitions& definitions, ParseContext& context, bool& has_cycles) -> std::vector<uint32_t>;

}  // namespace remit
