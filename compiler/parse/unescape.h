// Escapes in string literals, of policies and of schemas.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace remit::parse {

// Escapes are Rust's: \n \r \t \\ \0 \' \" \xNN up to 7F, and \u{1 to 6 hex digits, `_` between them}. A carriage return must be written
// as one. `body` is the text between the quotes. `on_char` is called for each character, `on_error` with the range of each bad
// escape.
void Unescape(std::string_view body, const std::function<void(char32_t)>& on_char,
              const std::function<void(size_t begin, size_t end)>& on_error);

// None if an escape is bad. For text that has no place to report at.
auto UnescapeString(std::string_view body) -> std::optional<std::string>;

}  // namespace remit::parse
