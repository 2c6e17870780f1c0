#include "runtime/server/authzen/cel_operators.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "runtime/base/text.h"

namespace remit::coaz {
namespace {

constexpr size_t kMaxJoined = size_t{1} << 16;  // of what `+` makes

auto NoOverload(std::string_view what) -> std::unexpected<Error> {
  return CelError(fmt::format("`{}` cannot be done with these values", what));
}

auto IsInt(const Json& value) -> bool {
  return value.is_number_integer() && (!value.is_number_unsigned() || value.get<uint64_t>() <= INT64_MAX);
}

auto Integers(std::string_view sign, int64_t a, int64_t b) -> Expected<Json> {
  int64_t result = 0;
  bool overflows = false;
  switch (sign[0]) {
    case '+': overflows = __builtin_add_overflow(a, b, &result); break;
    case '-': overflows = __builtin_sub_overflow(a, b, &result); break;
    case '*': overflows = __builtin_mul_overflow(a, b, &result); break;
    default:
      if (b == 0) return CelError("division by zero");
      overflows = a == INT64_MIN && b == -1;
      if (!overflows) result = sign[0] == '/' ? a / b : a % b;
  }
  if (overflows) return CelError("an integer does not fit in 64 bits");
  return Json(result);
}

auto Doubles(std::string_view sign, double a, double b) -> Expected<Json> {
  double result = 0;
  switch (sign[0]) {
    case '+': result = a + b; break;
    case '-': result = a - b; break;
    case '*': result = a * b; break;
    case '/': result = a / b; break;
    default: return NoOverload(sign);
  }
  if (!std::isfinite(result)) return CelError("a number that JSON does not have");
  return Json(result);
}

auto Arithmetic(std::string_view sign, const Json& a, const Json& b) -> Expected<Json> {
  if (IsInt(a) && IsInt(b)) return Integers(sign, a.get<int64_t>(), b.get<int64_t>());
  if (a.is_number_float() && b.is_number_float()) return Doubles(sign, a.get<double>(), b.get<double>());
  if (sign == "+" && a.is_string() && b.is_string()) {
    auto joined = a.get<std::string>() + b.get<std::string>();
    return joined.size() <= kMaxJoined ? Expected<Json>(Json(std::move(joined))) : CelError("a text is too long");
  }
  if (sign == "+" && a.is_array() && b.is_array()) {
    if (a.size() + b.size() > kMaxJoined) return CelError("a list is too long");
    Json joined = a;
    joined.insert(joined.end(), b.begin(), b.end());
    return joined;
  }
  return NoOverload(sign);
}

auto Order(std::string_view sign, const Json& a, const Json& b) -> Expected<Json> {
  const bool are_alike = (a.is_number() && b.is_number()) || (a.is_string() && b.is_string()) || (a.is_boolean() && b.is_boolean());
  if (!are_alike) return NoOverload(sign);
  if (sign == "<") return Json(a < b);
  if (sign == "<=") return Json(a <= b);
  if (sign == ">") return Json(a > b);
  return Json(a >= b);
}

auto CountCodePoints(std::string_view text) -> int64_t {
  int64_t count = 0;
  for (size_t at = 0; at < text.size(); ++count) DecodeUtf8(text, at);
  return count;
}

auto ToInt(const Json& value) -> Expected<Json> {
  if (IsInt(value)) return value;
  if (value.is_number_float() && std::fabs(value.get<double>()) < 9.2e18) return Json(static_cast<int64_t>(value.get<double>()));
  if (!value.is_string()) return NoOverload("int");
  const auto& text = value.get_ref<const std::string&>();
  int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return CelError("this text is no integer");
  return Json(number);
}

auto ToDouble(const Json& value) -> Expected<Json> {
  if (value.is_number()) return Json(value.get<double>());
  if (!value.is_string()) return NoOverload("double");
  const auto& text = value.get_ref<const std::string&>();
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(number)) return CelError("this text is no number");
  return Json(number);
}

auto ToText(const Json& value) -> Expected<Json> {
  if (value.is_string()) return value;
  if (value.is_number() || value.is_boolean()) return Json(value.dump());
  return NoOverload("string");
}

auto Size(const Json& value) -> Expected<Json> {
  if (value.is_string()) return Json(CountCodePoints(value.get_ref<const std::string&>()));
  if (value.is_array() || value.is_object()) return Json(static_cast<int64_t>(value.size()));
  return NoOverload("size");
}

auto TextTest(std::string_view name, const Json& text, const Json& part) -> Expected<Json> {
  if (!text.is_string() || !part.is_string()) return NoOverload(name);
  const auto& whole = text.get_ref<const std::string&>();
  const auto& piece = part.get_ref<const std::string&>();
  if (name == "startsWith") return Json(whole.starts_with(piece));
  if (name == "endsWith") return Json(whole.ends_with(piece));
  return Json(whole.find(piece) != std::string::npos);
}

}  // namespace

auto CelError(std::string message) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "cel-error", .message = std::move(message), .pointer = {}, .help = {}});
}

auto ApplyOperator(std::string_view sign, const Json& a, const Json& b) -> Expected<Json> {
  if (sign == "==") return Json(a == b);
  if (sign == "!=") return Json(a != b);
  if (sign == "in") {
    if (b.is_array()) return Json(std::find(b.begin(), b.end(), a) != b.end());
    if (b.is_object() && a.is_string()) return Json(b.contains(a.get_ref<const std::string&>()));
    return NoOverload(sign);
  }
  return sign[0] == '<' || sign[0] == '>' ? Order(sign, a, b) : Arithmetic(sign, a, b);
}

auto CallFunction(std::string_view name, const std::vector<Json>& arguments) -> std::optional<Expected<Json>> {
  if (arguments.size() == 1) {
    if (name == "size") return Size(arguments[0]);
    if (name == "int") return ToInt(arguments[0]);
    if (name == "double") return ToDouble(arguments[0]);
    if (name == "string") return ToText(arguments[0]);
  }
  const bool is_test = name == "startsWith" || name == "endsWith" || name == "contains";
  if (is_test && arguments.size() == 2) return TextTest(name, arguments[0], arguments[1]);
  return std::nullopt;
}

}  // namespace remit::coaz
