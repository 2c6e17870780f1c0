// Strings, patterns and numbers: from their spelling to what they mean.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/parse/conversion.h"

namespace remit::parse {

// Escapes are Rust's: \n \r \t \\ \0 \' \" \xNN up to 7F, and \u{1 to 6 hex digits, `_` between them}. A carriage return must be written
// as one. `body` is the text between the quotes. `on_char` is called for each character, `on_error` with the range of each bad
// escape and returns true if the escape is fine after all.
void Unescape(std::string_view body, const std::function<void(char32_t)>& on_char, const std::function<void(size_t begin, size_t end)>& on_error);

// None if an escape is bad. For text that has no place to report at.
auto UnescapeString(std::string_view body) -> std::optional<std::string>;

// Of a STRING token, quotes and all.
auto ToString(Conversion& c, const antlr4::tree::TerminalNode* token) -> std::optional<SymbolId>;
// The same read as the right hand side of `like`: `*` is a wildcard, even one written as an escape, and `\*` is a star.
auto ToPattern(Conversion& c, const antlr4::tree::TerminalNode* token) -> std::optional<std::vector<ast::PatternElement>>;

// The magnitude of a NUMBER token, none if it needs more than 64 bits.
auto ToMagnitude(std::string_view digits) -> std::optional<uint64_t>;

}  // namespace remit::parse
