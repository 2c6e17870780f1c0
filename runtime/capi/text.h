// Texts that are handed out for good.
#pragma once

#include <string>

#include "runtime/capi/error.h"

struct remit_text {
  std::string text;
};

namespace remit::capi {

inline auto NewText(std::string text) -> remit_text* { return new remit_text{.text = std::move(text)}; }

}  // namespace remit::capi
