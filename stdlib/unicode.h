// What needs Unicode's tables: case mapping and internationalised domain names. ICU stays behind this header.
//
// ICU rather than libidn2: one library has both, its UTS 46 processing is the one that browsers' hosts are specified by, and Debian's
// libidn2 has no case mapping of whole texts.
#pragma once

#include <string>
#include <string_view>

#include "stdlib/body.h"

namespace remit::unicode {

// Full mapping in the root locale: no locale of the process has a say.
auto ToLower(std::string_view text) -> Fallible<std::string>;

// A domain name as UTS 46 maps it to ASCII: lower case, `xn--` labels, non-transitional. Labels are checked for joiners and direction; empty or
// overlong labels and names are errors. Hyphens may stand where browsers take them. A single dot at the end is kept.
auto DomainToAscii(std::string_view domain) -> Fallible<std::string>;

}  // namespace remit::unicode
