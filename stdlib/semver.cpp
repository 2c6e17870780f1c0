#include "stdlib/semver.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "stdlib/digits.h"

namespace remit {
namespace {

constexpr size_t kLongestVersion = 1024;

auto IsNumeric(std::string_view identifier) -> bool { return std::ranges::all_of(identifier, IsDigit); }
auto HasLeadingZero(std::string_view digits) -> bool { return digits.size() > 1 && digits[0] == '0'; }

auto TakeNumber(DigitReader& reader) -> std::optional<int64_t> {
  const auto digits = reader.TakeDigits();
  int64_t number = 0;
  if (digits.empty() || HasLeadingZero(digits)) return std::nullopt;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), number).ec != std::errc{}) return std::nullopt;
  return number;
}

// The identifier up to the next dot, which is removed with it.
auto TakeIdentifier(std::string_view& list) -> std::string_view {
  const auto identifier = list.substr(0, list.find('.'));
  list.remove_prefix(std::min(identifier.size() + 1, list.size()));
  return identifier;
}

// Dot-separated identifiers, none of them empty; of a pre-release, numbers are without leading zeros.
auto IsIdentifierList(std::string_view list, bool is_prerelease) -> bool {
  if (list.ends_with('.')) return false;
  do {
    const auto identifier = TakeIdentifier(list);
    const auto is_byte = [](char c) { return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-'; };
    if (identifier.empty() || !std::ranges::all_of(identifier, is_byte)) return false;
    if (is_prerelease && IsNumeric(identifier) && HasLeadingZero(identifier)) return false;
  } while (!list.empty());
  return true;
}

auto CompareIdentifiers(std::string_view a, std::string_view b) -> std::strong_ordering {
  const bool a_is_number = IsNumeric(a);
  if (a_is_number != IsNumeric(b)) return a_is_number ? std::strong_ordering::less : std::strong_ordering::greater;
  // Numbers of any length: the longer is the larger, for none has leading zeros.
  if (a_is_number && a.size() != b.size()) return a.size() <=> b.size();
  return a <=> b;
}

auto ComparePrereleases(std::string_view a, std::string_view b) -> std::strong_ordering {
  if (a.empty() || b.empty()) return a.empty() <=> b.empty();
  while (!a.empty() && !b.empty()) {
    if (const auto order = CompareIdentifiers(TakeIdentifier(a), TakeIdentifier(b)); order != 0) return order;
  }
  return b.empty() <=> a.empty();
}

}  // namespace

auto ParseSemver(String text) -> Fallible<Parsed<Semver>> {
  if (text.view().size() > kLongestVersion) return Fail(fmt::format("a version of more than {} bytes is not accepted", kLongestVersion));
  const auto malformed = Fail(fmt::format("`{}` is not a version such as `1.2.3` or `1.2.3-rc.1`", text.view()));
  const auto core_and_prerelease = text.view().substr(0, text.view().find('+'));
  DigitReader reader(core_and_prerelease);
  const auto major = TakeNumber(reader);
  const auto minor = major && reader.Take('.') ? TakeNumber(reader) : std::nullopt;
  const auto patch = minor && reader.Take('.') ? TakeNumber(reader) : std::nullopt;
  if (!patch) return malformed;
  Parsed<Semver> version = {.storage = std::string(core_and_prerelease),
                            .parts = {.storage = {}, .major = *major, .minor = *minor, .patch = *patch, .prerelease = {}}};
  if (reader.Take('-')) {
    const auto prerelease = reader.rest();
    if (!IsIdentifierList(prerelease, true)) return malformed;
    version.parts.prerelease = {.begin = static_cast<uint32_t>(core_and_prerelease.size() - prerelease.size()),
                                .size = static_cast<uint32_t>(prerelease.size())};
  } else if (!reader.at_end()) {
    return malformed;
  }
  if (core_and_prerelease.size() < text.view().size() && !IsIdentifierList(text.view().substr(core_and_prerelease.size() + 1), false)) {
    return malformed;
  }
  return version;
}

auto Precedence(const Semver& a, const Semver& b) -> std::strong_ordering {
  if (const auto order = a.major <=> b.major; order != 0) return order;
  if (const auto order = a.minor <=> b.minor; order != 0) return order;
  if (const auto order = a.patch <=> b.patch; order != 0) return order;
  return ComparePrereleases(a.prerelease.of(a.storage), b.prerelease.of(b.storage));
}

auto SemverMajor(const Semver& version) -> int64_t { return version.major; }
auto SemverMinor(const Semver& version) -> int64_t { return version.minor; }
auto SemverPatch(const Semver& version) -> int64_t { return version.patch; }
auto IsPrerelease(const Semver& version) -> bool { return version.prerelease.size > 0; }

}  // namespace remit
