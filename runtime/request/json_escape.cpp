#include "runtime/request/json_escape.h"

namespace remit::json {

auto MemberOf(Element element, std::string_view key) -> std::optional<Element> {
  if (!element.is_object()) return std::nullopt;
  return Cursor(element).Find(key);
}

auto OnlyMember(Element element, std::string_view key) -> std::optional<Element> {
  if (!element.is_object()) return std::nullopt;
  const auto object = Cursor(element).object();
  if (object.size() != 1) return std::nullopt;
  const auto it = object.begin();
  return it.key() == key ? std::optional(it.value()) : std::nullopt;
}

auto AsTypeAndId(Element element) -> std::optional<TypeAndId> {
  const auto type = MemberOf(element, "type");
  const auto id = MemberOf(element, "id");
  if (!type || !id || !type->is_string() || !id->is_string()) return std::nullopt;
  return TypeAndId{.type = *type, .id = *id};
}

auto AsFunctionCall(Element element) -> std::optional<FunctionCall> {
  const auto function = MemberOf(element, "fn");
  if (!function || !function->is_string()) return std::nullopt;
  const auto name = function->get_string().value_unsafe();
  if (const auto arg = MemberOf(element, "arg")) return FunctionCall{.function = name, .args = {*arg}, .is_list = false};
  const auto list = MemberOf(element, "args");
  if (!list || !list->is_array()) return std::nullopt;
  FunctionCall call{.function = name, .args = {}, .is_list = true};
  for (const Element arg : Cursor(*list).array()) call.args.push_back(arg);
  return call;
}

auto HoldsOnlyLongs(Element element) -> bool {
  if (element.is_array()) {
    for (const Element child : Cursor(element).array()) {
      if (!HoldsOnlyLongs(child)) return false;
    }
    return true;
  }
  if (!element.is_object()) return !element.is_number() || element.is_int64();
  for (const auto& [key, child] : Cursor(element).object()) {
    if (!HoldsOnlyLongs(child)) return false;
  }
  return true;
}

}  // namespace remit::json
