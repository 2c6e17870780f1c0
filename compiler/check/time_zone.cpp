// Asks ICU, which also knows abbreviations and offsets that are no names of the database: those are not system ids.
#include "compiler/check/time_zone.h"

#include <unicode/ucal.h>

#include <array>

namespace remit::check {

auto IsTimeZone(std::string_view name) -> bool {
  constexpr size_t kLongest = 64;
  if (name.empty() || name.size() > kLongest) return false;
  std::array<UChar, kLongest> wide = {};
  for (size_t i = 0; i < name.size(); ++i) wide[i] = static_cast<unsigned char>(name[i]);
  std::array<UChar, 2 * kLongest> canonical = {};
  UBool is_system = 0;
  UErrorCode status = U_ZERO_ERROR;
  ucal_getCanonicalTimeZoneID(wide.data(), static_cast<int32_t>(name.size()), canonical.data(), canonical.size(), &is_system, &status);
  return U_SUCCESS(status) && is_system != 0;
}

}  // namespace remit::check
