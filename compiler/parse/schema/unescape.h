// The escapes of string literals: Rust's, as in Cedar.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace remit {

struct BadEscape {
  size_t begin;
  size_t length;
};

// Appends what the text between the quotes stands for. The first bad escape (or bare carriage return), if any.
auto UnescapeString(std::string_view body, std::string& out) -> std::optional<BadEscape>;

}  // namespace remit
