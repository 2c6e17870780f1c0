// An error at an edge: a JSON document, a file, an API call. Diagnostics of policy text are `Diagnostic` instead.
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace remit {

struct Error {
  std::string code;     // stable, kebab-case: "duplicate-key"
  std::string message;  // lower case, no full stop, the user's text in backticks
  std::string pointer;  // RFC 6901 JSON pointer into the document, empty for the whole or where there is none
  std::string help;     // may be empty
};

template <typename T>
using Expected = std::expected<T, Error>;

// What a function that gives an Expected returns: `return Fail("duplicate-key", ...)`.
auto Fail(std::string_view code, std::string message, std::string help = {}) -> std::unexpected<Error>;

// `/pointer: message` or just the message.
auto FormatError(const Error& error) -> std::string;

}  // namespace remit
