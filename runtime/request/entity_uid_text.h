// An entity uid as source text, `Acme::User::"ana"`, where a request names one in a string or on a command line.
//
// The runtime has no parser of the language, and a uid needs none: a normalised name and a string literal.
#pragma once

#include <string_view>

#include "runtime/base/error.h"
#include "runtime/value/value.h"

namespace remit {

auto ParseEntityUidText(std::string_view text, Interner& interner) -> Expected<EntityUid>;

}  // namespace remit
