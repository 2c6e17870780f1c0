// The builtins of file paths.
#pragma once

#include "runtime/value/text_values.h"
#include "stdlib/body.h"

namespace remit {

// A POSIX path, normalised by its text alone: `//`, `.` and `..` are resolved, symbolic links are not known here. `..` that leaves the root of an
// absolute path, or the place a relative one starts from, is an error, and so is what other systems or layers read differently: control characters,
// backslashes, a `~` at the beginning, escapes such as `%2e`.
auto ParsePath(String text) -> Fallible<Parsed<Path>>;

// True for the base itself too. An error between an absolute and a relative path.
auto IsUnder(const Path& path, String base) -> Fallible<bool>;
auto PathName(const Path& path) -> String;
auto PathExtension(const Path& path) -> String;

}  // namespace remit
