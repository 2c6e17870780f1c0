// Text in XML documents: of the reports that other tools read.
#pragma once

#include <string>
#include <string_view>

namespace remit {

// As the contents of an element or of an attribute in double quotes. XML 1.0 has no place for most control characters, escaped or not: they
// become spaces.
auto EscapeXml(std::string_view text) -> std::string;

}  // namespace remit
