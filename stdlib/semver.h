// The builtins of versions: SemVer 2.0.0 (https://semver.org).
#pragma once

#include <compare>

#include "runtime/value/text_values.h"
#include "stdlib/body.h"

namespace remit {

// Build metadata is read and dropped.
auto ParseSemver(String text) -> Fallible<Parsed<Semver>>;

// What `<` asks: section 11 of the specification. Equal exactly where the values are.
auto Precedence(const Semver& a, const Semver& b) -> std::strong_ordering;

auto SemverMajor(const Semver& version) -> int64_t;
auto SemverMinor(const Semver& version) -> int64_t;
auto SemverPatch(const Semver& version) -> int64_t;
auto IsPrerelease(const Semver& version) -> bool;

}  // namespace remit
