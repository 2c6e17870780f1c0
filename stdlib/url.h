// The builtins of URLs.
#pragma once

#include "runtime/value/text_values.h"
#include "stdlib/body.h"

namespace remit {

// An absolute URL with a host, as the URL standard reads it. What readers disagree on is an error: user information, backslashes, white space
// and control characters, percent signs in hosts, IPv4 addresses with octal parts, ports that are empty or begin with 0. Only the path may be in doubt,
// since hosts are asked for more often: then asking for the path is the error.
auto ParseUrl(String text) -> Fallible<Parsed<Url>>;

auto UrlScheme(const Url& url) -> String;
auto UrlHost(const Url& url) -> String;
auto UrlPort(const Url& url) -> Fallible<int64_t>;
auto UrlPath(const Url& url) -> Fallible<String>;
auto IsHostUnder(const Url& url, String domain) -> Fallible<bool>;

}  // namespace remit
