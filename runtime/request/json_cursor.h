// A place in a JSON document: an element and the way to it, so that every error can say where.
//
// The way is a chain of cursors on the stack, and the pointer is spelled only when there is an error.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/request/json_document.h"

namespace remit::json {

// Whether a key is this literal. Comparing with a string_view would call memcmp.
template <size_t N>
auto IsKey(std::string_view key, const char (&literal)[N]) -> bool {
  return key.size() == N - 1 && std::memcmp(key.data(), literal, N - 1) == 0;
}

class Cursor {
 public:
  explicit Cursor(Element root) : element_(root) {}

  // A place within this one, which must outlive it.
  auto At(std::string_view key, Element child) const -> Cursor { return {this, key, 0, child}; }
  auto At(size_t index, Element child) const -> Cursor { return {this, {}, index, child}; }

  auto element() const -> Element { return element_; }
  auto is_array() const -> bool { return element_.is_array(); }
  auto is_object() const -> bool { return element_.is_object(); }
  auto is_string() const -> bool { return element_.is_string(); }
  auto is_null() const -> bool { return element_.is_null(); }
  // These require the matching type.
  auto array() const -> simdjson::dom::array { return element_.get_array().value_unsafe(); }
  auto object() const -> simdjson::dom::object { return element_.get_object().value_unsafe(); }
  auto text() const -> std::string_view { return element_.get_string().value_unsafe(); }

  // RFC 6901.
  auto pointer() const -> std::string;
  auto Fail(std::string code, std::string message, std::string help = {}) const -> std::unexpected<Error>;
  // A short name of what is here: "a string", "an array".
  auto Describe() const -> std::string_view;

  // Fails unless this is an object with no key twice.
  auto RequireObject() const -> Expected<simdjson::dom::object>;
  auto RequireArray() const -> Expected<simdjson::dom::array>;
  // Requires an object. The member's value, none if there is no such member.
  auto Find(std::string_view key) const -> std::optional<Element>;
  auto Require(std::string_view key) const -> Expected<Element>;
  // What Require says where there is no such member.
  auto Missing(std::string_view key) const -> std::unexpected<Error>;

 private:
  Cursor(const Cursor* parent, std::string_view key, size_t index, Element element)
      : parent_(parent), key_(key), index_(index), element_(element) {}

  const Cursor* parent_ = nullptr;
  std::string_view key_;  // where the parent is an object
  size_t index_ = 0;      // where the parent is an array
  Element element_;
};

}  // namespace remit::json
