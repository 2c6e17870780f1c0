// Which names of time zones there are.
#pragma once

#include <string_view>

namespace remit::check {

// `Europe/Berlin`, `UTC`: names of the IANA database. Abbreviations and offsets are none.
auto IsTimeZone(std::string_view name) -> bool;

}  // namespace remit::check
