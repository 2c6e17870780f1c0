#include "runtime/request/json_cursor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runtime/base/json_pointer.h"
#include "runtime/base/same_text.h"

namespace remit::json {
namespace {

constexpr size_t kFew = 8;

// Looking back beats sorting for the few keys that objects mostly have.
auto FindRepeatedAmongFew(simdjson::dom::object object) -> std::optional<std::string_view> {
  std::array<std::string_view, kFew> keys;
  size_t count = 0;
  for (const auto& [key, value] : object) {
    for (size_t i = 0; i < count; ++i) {
      if (SameText(keys[i], key)) return key;
    }
    keys[count++] = key;
  }
  return std::nullopt;
}

auto FindRepeatedKey(simdjson::dom::object object) -> std::optional<std::string_view> {
  if (object.size() < 2) return std::nullopt;
  if (object.size() <= kFew) return FindRepeatedAmongFew(object);
  std::vector<std::string_view> keys;
  for (const auto& [key, value] : object) {
    if (keys.size() < kFew && std::ranges::find(keys, key) != keys.end()) return key;
    keys.push_back(key);
  }
  std::ranges::sort(keys);
  const auto repeated = std::ranges::adjacent_find(keys);
  return repeated == keys.end() ? std::nullopt : std::optional(*repeated);
}

}  // namespace

auto Cursor::pointer() const -> std::string {
  if (parent_ == nullptr) return {};
  return parent_->pointer() + (parent_->is_object() ? PointerStep(key_) : fmt::format("/{}", index_));
}

auto Cursor::Fail(std::string code, std::string message, std::string help) const -> std::unexpected<Error> {
  return std::unexpected(Error{.code = std::move(code), .message = std::move(message), .pointer = pointer(), .help = std::move(help)});
}

auto Cursor::Describe() const -> std::string_view {
  switch (element_.type()) {
    case simdjson::dom::element_type::ARRAY: return "an array";
    case simdjson::dom::element_type::OBJECT: return "an object";
    case simdjson::dom::element_type::INT64:
    case simdjson::dom::element_type::UINT64:
    case simdjson::dom::element_type::DOUBLE: return "a number";
    case simdjson::dom::element_type::STRING: return "a string";
    case simdjson::dom::element_type::BOOL: return "a boolean";
    case simdjson::dom::element_type::NULL_VALUE: return "`null`";
  }
  return "something else";
}

auto Cursor::RequireObject() const -> Expected<simdjson::dom::object> {
  if (!is_object()) return Fail("unexpected-json", fmt::format("expected an object, found {}", Describe()));
  if (const auto key = FindRepeatedKey(object())) {
    return At(*key, element_).Fail("duplicate-key", fmt::format("the key `{}` occurs two or more times in the same object", *key));
  }
  return object();
}

auto Cursor::RequireArray() const -> Expected<simdjson::dom::array> {
  if (!is_array()) return Fail("unexpected-json", fmt::format("expected an array, found {}", Describe()));
  return array();
}

auto Cursor::Find(std::string_view key) const -> std::optional<Element> {
  for (const auto& [name, value] : object()) {
    if (name == key) return value;
  }
  return std::nullopt;
}

auto Cursor::Require(std::string_view key) const -> Expected<Element> {
  if (const auto found = Find(key)) return *found;
  return Missing(key);
}

auto Cursor::Missing(std::string_view key) const -> std::unexpected<Error> {
  return Fail("missing-field", fmt::format("missing field `{}`", key));
}

}  // namespace remit::json
