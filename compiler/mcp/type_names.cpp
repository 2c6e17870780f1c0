#include "compiler/mcp/type_names.h"

#include <fmt/format.h>

#include <cctype>

#include "compiler/schema/builtin_types.h"
#include "runtime/base/text.h"

namespace remit::mcp {
namespace {

constexpr size_t kLongestSegment = 80;

auto MayStand(char c) -> bool { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

}  // namespace

auto TypeSegment(std::string_view text) -> std::string {
  if (IsIdentifier(text) && text.size() <= kLongestSegment) return std::string(text);
  std::string segment;
  for (const char c : text.substr(0, kLongestSegment)) segment += MayStand(c) ? c : '_';
  if (segment.empty() || std::isdigit(static_cast<unsigned char>(segment.front())) != 0) segment.insert(0, "_");
  return IsIdentifier(segment) ? segment : segment + "_";
}

auto TypeNames::Place(const std::string& name_space, std::string_view name) const -> TypeName {
  if (!flatten_ || name_space == root_) return {.name_space = name_space, .name = std::string(name)};
  std::string flat;
  for (const char c : name_space.substr(root_.size() + 2)) {
    if (c != ':')
      flat += c;
    else if (!flat.ends_with(':'))
      flat += c;
    else
      flat.back() = '_';
  }
  return {.name_space = root_, .name = fmt::format("{}_{}", flat, name)};
}

auto TypeNames::Reserve(const std::string& name_space, std::string_view name) -> TypeName {
  TypeName place = Place(name_space, name);
  if (IsReservedTypeName(place.name)) place.name += '_';
  const std::string base = place.name;
  for (uint32_t i = 2; !taken_.insert(place.full()).second; ++i) place.name = fmt::format("{}_{}", base, i);
  bytes_ += place.name_space.size() + place.name.size();
  return place;
}

}  // namespace remit::mcp
