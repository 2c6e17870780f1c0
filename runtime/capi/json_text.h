// Text as a JSON string.
#pragma once

#include <string>
#include <string_view>

#include "runtime/base/json_string.h"

namespace remit::capi {

// As AppendJson writes it.
auto QuoteJson(std::string_view text) -> std::string;

}  // namespace remit::capi
