// Parts of a JSON text as they came: members of an object, items of an array, without reading what is in them.
//
// What is recorded of a request is what was sent, not what somebody makes of it; and a batch is many requests, each of which is read by its own reader.
// What a slice is made of is checked by whoever reads it; here only brackets and strings are told apart.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace remit::server {

// Calls `visit(key, value)` for each member, the key as it is written, without its quotes. False: it is no object, or `visit` said so.
auto ForEachMember(std::string_view json, const std::function<bool(std::string_view key, std::string_view value)>& visit) -> bool;
// The value of the last member whose key is written like this. Empty: none.
auto MemberSlice(std::string_view json, std::string_view key) -> std::string_view;
// The items of an array; none if it is no array, or has more than `max`.
auto ItemSlices(std::string_view json, size_t max) -> std::optional<std::vector<std::string_view>>;

}  // namespace remit::server
