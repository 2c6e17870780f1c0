// The builtins of strings.
//
// Comparing is comparing bytes: texts are valid UTF-8, in which no character begins inside another, and nothing is normalised, because
// what a policy compares with is what the tool will get. Whoever wants case folded says so.
#pragma once

#include <cstdint>

#include "stdlib/body.h"

namespace remit {

auto StartsWith(String text, String prefix) -> bool;
auto EndsWith(String text, String suffix) -> bool;
auto ContainsText(String text, String part) -> bool;
auto ToLower(String text) -> Fallible<std::string>;

// The number of Unicode code points: what `.size()` gives for a string.
auto CountCodePoints(std::string_view text) -> int64_t;

}  // namespace remit
