// The builtins of e-mail addresses.
#pragma once

#include "runtime/value/text_values.h"
#include "stdlib/body.h"

namespace remit {

// The plain form of RFC 5321, `dot.atom@domain`. Quoted local parts, comments, display names, groups, address literals and route parts are errors: mail
// systems have disagreed about each. The domain may be internationalised; the local part is kept as it is and is case-sensitive.
auto ParseEmail(String text) -> Fallible<Parsed<Email>>;

auto EmailDomain(const Email& email) -> String;
auto IsDomainUnder(const Email& email, String domain) -> Fallible<bool>;

}  // namespace remit
