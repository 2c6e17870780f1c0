#include "compiler/check/skeleton.h"

#include <unicode/uspoof.h>

#include <algorithm>
#include <memory>

#include "runtime/base/check.h"

namespace remit::check {
namespace {

struct Closer {
  void operator()(USpoofChecker* checker) const { uspoof_close(checker); }
};

// Const once made, so one serves all threads.
auto Checker() -> const USpoofChecker* {
  static const auto checker = [] {
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<USpoofChecker, Closer> made(uspoof_open(&status));
    CHECK(U_SUCCESS(status), "ICU has no data for confusable letters");
    return made;
  }();
  return checker.get();
}

auto IsAscii(std::string_view text) -> bool {
  return std::ranges::all_of(text, [](char c) { return static_cast<uint8_t>(c) < 0x80; });
}

}  // namespace

auto Skeleton(std::string_view text) -> std::string {
  std::string folded;
  for (const char c : text) folded += c == '_' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
  if (IsAscii(folded)) return folded;
  std::string skeleton(folded.size() * 4 + 16, '\0');
  UErrorCode status = U_ZERO_ERROR;
  const int32_t size = uspoof_getSkeletonUTF8(Checker(), 0, folded.data(), static_cast<int32_t>(folded.size()), skeleton.data(),
                                              static_cast<int32_t>(skeleton.size()), &status);
  if (U_FAILURE(status) || size < 0 || static_cast<size_t>(size) > skeleton.size()) return folded;
  skeleton.resize(static_cast<size_t>(size));
  return skeleton;
}

}  // namespace remit::check
