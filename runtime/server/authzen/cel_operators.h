// What operators and functions do to values. No overloads across types but for comparing numbers, as in CEL.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "runtime/server/authzen/cel.h"

namespace remit::coaz {

// `+ - * / %`, `== != < <= > >= in`.
auto ApplyOperator(std::string_view sign, const Json& a, const Json& b) -> Expected<Json>;
// size, startsWith, endsWith, contains, int, double, string; of a method the first argument is what stands before the dot. None: no such function.
auto CallFunction(std::string_view name, const std::vector<Json>& arguments) -> std::optional<Expected<Json>>;

// "cel-error".
auto CelError(std::string message) -> std::unexpected<Error>;

}  // namespace remit::coaz
