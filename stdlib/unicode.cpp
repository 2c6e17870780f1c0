#include "stdlib/unicode.h"

#include <unicode/ucasemap.h>
#include <unicode/uidna.h>

#include <array>
#include <limits>

#include "runtime/base/text.h"

namespace remit::unicode {
namespace {

constexpr size_t kLongestInput = 1024;  // of a domain in any script; DNS takes 253 bytes of ASCII

// Both are const once opened, and then free to use from any thread. Null if ICU's data is missing.
auto RootCaseMap() -> const UCaseMap* {
  static const UCaseMap* const map = [] {
    UErrorCode status = U_ZERO_ERROR;
    const UCaseMap* opened = ucasemap_open("", 0, &status);
    return U_SUCCESS(status) ? opened : nullptr;
  }();
  return map;
}

auto Uts46() -> const UIDNA* {
  static const UIDNA* const idna = [] {
    UErrorCode status = U_ZERO_ERROR;
    const UIDNA* opened = uidna_openUTS46(
        UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_NONTRANSITIONAL_TO_UNICODE, &status);
    return U_SUCCESS(status) ? opened : nullptr;
  }();
  return idna;
}

constexpr uint32_t kHyphens = UIDNA_ERROR_LEADING_HYPHEN | UIDNA_ERROR_TRAILING_HYPHEN | UIDNA_ERROR_HYPHEN_3_4;

}  // namespace

auto ToLower(std::string_view text) -> Fallible<std::string> {
  const UCaseMap* map = RootCaseMap();
  if (map == nullptr) return Fail("the tables of Unicode are missing");
  // No code point grows to more than three times its bytes.
  if (text.size() > static_cast<size_t>(std::numeric_limits<int32_t>::max()) / 3) return Fail("the text is too long");
  std::string lower(text.size() + 16, '\0');
  while (true) {
    UErrorCode status = U_ZERO_ERROR;
    const int32_t size = ucasemap_utf8ToLower(map, lower.data(), static_cast<int32_t>(lower.size()), text.data(),
                                              static_cast<int32_t>(text.size()), &status);
    const bool fits = static_cast<size_t>(size) <= lower.size();
    lower.resize(static_cast<size_t>(size));
    if (U_SUCCESS(status) && fits) return lower;
    if (status != U_BUFFER_OVERFLOW_ERROR) return Fail("the text cannot be mapped to lower case");
  }
}

auto DomainToAscii(std::string_view domain) -> Fallible<std::string> {
  const UIDNA* idna = Uts46();
  if (idna == nullptr) return Fail("the tables of Unicode are missing");
  if (domain.size() > kLongestInput) return Fail("a domain name of this length does not exist");
  if (FindInvalidUtf8(domain)) return Fail("the domain name is not valid UTF-8");
  std::array<char, 4 * kLongestInput> buffer = {};
  UErrorCode status = U_ZERO_ERROR;
  UIDNAInfo info = UIDNA_INFO_INITIALIZER;
  const int32_t size = uidna_nameToASCII_UTF8(idna, domain.data(), static_cast<int32_t>(domain.size()), buffer.data(),
                                              static_cast<int32_t>(buffer.size()), &info, &status);
  if (U_FAILURE(status) || (info.errors & ~kHyphens) != 0) return Fail("this is not a domain name");
  return std::string(buffer.data(), static_cast<size_t>(size));
}

}  // namespace remit::unicode
