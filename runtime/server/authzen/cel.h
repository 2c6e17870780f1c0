// Expressions of the Common Expression Language, as far as mappings of requests need them.
//
//   literals (null, booleans, integers, doubles, strings), lists, maps, variables, `a.b`, `a["b"]`, `a.?b`, `a[?"b"]`, `?:`, `||`, `&&`, comparisons, `in`,
//   `+ - * / %`, `!`, has, exists, exists_one, all, filter, map, size, startsWith, endsWith, contains, orValue, hasValue, int, double, string
//
// Values are JSON, and an expression ends in one, in nothing (a `.?` that found nothing), or in an error. Untrusted: mappings come from the party that is being
// authorized, so length, depth and work are bounded. It is read and evaluated in one pass; a tree would pay if one expression were asked twice.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/error.h"

namespace remit::coaz {

using Json = nlohmann::json;
using Variables = std::map<std::string, Json, std::less<>>;

struct CelLimits {
  size_t max_bytes = 4096;
  int max_depth = 24;
  size_t max_steps = 5'000;
};

// None: absent. Error: "cel-error".
auto EvaluateCel(std::string_view expression, const Variables& variables, const CelLimits& limits = {}) -> Expected<std::optional<Json>>;

}  // namespace remit::coaz
