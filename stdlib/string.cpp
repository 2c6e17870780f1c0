#include "stdlib/string.h"

#include <algorithm>
#include <cstring>

#include "stdlib/unicode.h"

namespace remit {

auto StartsWith(String text, String prefix) -> bool { return text.view().starts_with(prefix.view()); }
auto EndsWith(String text, String suffix) -> bool { return text.view().ends_with(suffix.view()); }

// By memmem, which is linear in the worst case; std::string_view::find is not.
auto ContainsText(String text, String part) -> bool {
  const auto in = text.view();
  const auto what = part.view();
  return what.empty() || (!in.empty() && memmem(in.data(), in.size(), what.data(), what.size()) != nullptr);
}

auto ToLower(String text) -> Fallible<std::string> { return unicode::ToLower(text.view()); }

auto CountCodePoints(std::string_view text) -> int64_t {
  return std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; });
}

}  // namespace remit
