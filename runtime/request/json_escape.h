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
auto AsPlainTypeAndId(Element element) -> std::optional<TypeAndId>;

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
