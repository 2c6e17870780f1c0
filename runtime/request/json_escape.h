// The shapes that make an object an escape, decided by Cedar's rules: an object that only resembles one is a record.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "runtime/request/json_cursor.h"

namespace remit::json {

// `{"type": "U", "id": "a", ...}`.
struct TypeAndId {
  Element type;
  Element id;
};
auto AsTypeAndId(Element element) -> std::optional<TypeAndId>;
// The same if there are no other members: what references mostly are, seen in one pass, with no key left to be there twice.
inline auto AsPlainTypeAndId(Element element) -> std::optional<TypeAndId> {
  if (!element.is_object()) return std::nullopt;
  const simdjson::dom::object object = element.get_object().value_unsafe();
  if (object.size() != 2) return std::nullopt;
  auto it = object.begin();
  const auto first_key = it.key();
  const Element first = it.value();
  ++it;
  const auto second_key = it.key();
  const Element second = it.value();
  if (!first.is_string() || !second.is_string()) return std::nullopt;
  if (IsKey(first_key, "type") && IsKey(second_key, "id")) return TypeAndId{.type = first, .id = second};
  if (IsKey(first_key, "id") && IsKey(second_key, "type")) return TypeAndId{.type = second, .id = first};
  return std::nullopt;
}

// `{"fn": "ip", "arg": ..}` or `{"fn": "offset", "args": [..]}`; `arg` wins where there are both.
struct FunctionCall {
  std::string_view function;
  std::vector<Element> args;
  bool is_list = false;  // of `args`

  // The place of an argument within the call's.
  auto ArgAt(const Cursor& call, const Cursor& list, size_t index) const -> Cursor {
    return is_list ? list.At(index, args[index]) : call.At("arg", args[index]);
  }
};
auto AsFunctionCall(Element element) -> std::optional<FunctionCall>;

// Whether every number in there is one that a value may hold. Cedar asks it even of members of an escape that mean nothing.
auto HoldsOnlyLongs(Element element) -> bool;

// The value of member `key` if this is an object that has it.
auto MemberOf(Element element, std::string_view key) -> std::optional<Element>;
// The same if it is the only member.
auto OnlyMember(Element element, std::string_view key) -> std::optional<Element>;

}  // namespace remit::json
