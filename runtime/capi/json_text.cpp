#include "runtime/capi/json_text.h"

namespace remit::capi {

auto QuoteJson(std::string_view text) -> std::string {
  std::string out;
  AppendJson(out, text);
  return out;
}

}  // namespace remit::capi
