// Text as a JSON string.
#pragma once

#include <string>
#include <string_view>

namespace remit::capi {

// With quotes. What is not UTF-8, which messages about such texts may quote, becomes U+FFFD.
void AppendJson(std::string& out, std::string_view text);
auto QuoteJson(std::string_view text) -> std::string;

}  // namespace remit::capi
