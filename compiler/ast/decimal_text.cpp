#include "compiler/ast/decimal_text.h"

#include <algorithm>
#include <charconv>

namespace remit::ast {

auto StepDecimal(std::string_view text, int64_t steps) -> std::optional<std::string> {
  constexpr size_t kMostPlaces = 4;
  const bool is_negative = text.starts_with('-');
  const auto unsigned_text = text.substr(is_negative ? 1 : 0);
  const auto point = unsigned_text.find('.');
  if (point == std::string_view::npos || point == 0) return std::nullopt;
  const size_t places = unsigned_text.size() - point - 1;
  if (places == 0 || places > kMostPlaces) return std::nullopt;

  const auto digits = std::string(unsigned_text.substr(0, point)) + std::string(unsigned_text.substr(point + 1));
  const bool all_digits = std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
  int64_t value = 0;
  if (!all_digits || std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc{}) return std::nullopt;
  int64_t moved = 0;
  if (__builtin_add_overflow(is_negative ? -value : value, steps, &moved) || moved == INT64_MIN) return std::nullopt;
  // What is kept has four places.
  int64_t units = moved;
  for (size_t i = places; i < kMostPlaces; ++i) {
    if (__builtin_mul_overflow(units, 10, &units)) return std::nullopt;
  }

  auto result = std::to_string(moved < 0 ? -moved : moved);
  if (result.size() <= places) result.insert(0, places + 1 - result.size(), '0');
  result.insert(result.size() - places, ".");
  return (moved < 0 ? "-" : "") + result;
}

auto ConstructorText(const Ast& ast, ExprId id, BuiltinId constructor, const Interner& interner) -> std::optional<std::string_view> {
  const auto* call = std::get_if<Call>(&ast.expr(id).node);
  if (call == nullptr || call->builtin != constructor || call->args.size() != 1) return std::nullopt;
  const auto* text = std::get_if<StringLit>(&ast.expr(call->args[0]).node);
  if (text == nullptr) return std::nullopt;
  return interner.text(text->text);
}

}  // namespace remit::ast
