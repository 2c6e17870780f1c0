// Tables of texts for tests: bytes that a source line shows badly are built by name.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>

#include "runtime/base/arena.h"
#include "stdlib/body.h"

namespace remit {

// With a NUL inside: string literals would end there.
inline auto WithNul(std::string_view before, std::string_view behind) -> std::string {
  return std::string(before) + '\0' + std::string(behind);
}

// The value that a builtin gets: what was parsed, pointing at a text that stays.
template <typename T>
class Held {
 public:
  explicit Held(const Parsed<T>& parsed) : storage_(parsed.storage), value_(parsed.parts) { value_.storage = storage_; }
  Held(const Held&) = delete;
  auto operator=(const Held&) -> Held& = delete;

  auto operator*() const -> const T& { return value_; }
  auto operator->() const -> const T* { return &value_; }

 private:
  std::string storage_;
  T value_;
};

}  // namespace remit
