// File URIs and paths. What is no `file:` URI has no path, and is known by the URI alone.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace remit::lsp {

// `file:///a%20b` is `/a b`, without `.`, `..` and doubled slashes.
auto PathOfUri(std::string_view uri) -> std::optional<std::string>;
auto UriOfPath(std::string_view path) -> std::string;

}  // namespace remit::lsp
