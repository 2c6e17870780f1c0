// The table of builtins, made from builtins.def and the types of the bodies.
#include "stdlib/builtin.h"

#include <algorithm>
#include <array>

#include "stdlib/builtin_detail.h"
#include "stdlib/command.h"
#include "stdlib/datetime.h"
#include "stdlib/decimal.h"
#include "stdlib/duration.h"
#include "stdlib/email.h"
#include "stdlib/ip.h"
#include "stdlib/now.h"
#include "stdlib/path.h"
#include "stdlib/regex.h"
#include "stdlib/semver.h"
#include "stdlib/string.h"
#include "stdlib/unknown.h"
#include "stdlib/url.h"

namespace remit {
namespace {

// See the legend of builtins.def.
enum Trait : uint8_t { Pure = 0, Constructor = 1, Own = 2, Operation = 4, Literal = 8 };

constexpr uint8_t kSecondArgument = 2;

constexpr auto kRows = std::to_array<BuiltinInfo>({
#define BUILTIN(row_id, surface, call_style, body, traits, text, sample)                     \
  BuiltinInfo{.id = BuiltinId::row_id,                                                       \
              .name = surface,                                                               \
              .key = CallStyle::call_style == CallStyle::Method ? "." surface : surface,     \
              .style = CallStyle::call_style,                                                \
              .signature = builtin_detail::SignatureOf<&body>(),                             \
              .is_constructor = ((traits) & Constructor) != 0,                               \
              .is_cedar = ((traits) & Own) == 0,                                             \
              .is_operation = ((traits) & Operation) != 0,                                   \
              .literal_arguments = ((traits) & Literal) != 0 ? kSecondArgument : uint8_t{0}, \
              .doc = text,                                                                   \
              .example = sample,                                                             \
              .call = builtin_detail::ThunkOf<&body>()},
#include "stdlib/builtins.def"
#undef BUILTIN
});

constexpr auto IsFunction(std::string_view name) -> bool {
  return std::ranges::any_of(kRows, [&](const BuiltinInfo& row) { return row.style == CallStyle::Function && row.name == name; });
}

// With the dot of a method's key where it is needed only.
constexpr auto kBuiltins = [] {
  auto rows = kRows;
  for (auto& row : rows) {
    if (row.style == CallStyle::Method && !IsFunction(row.name)) row.key = row.name;
  }
  return rows;
}();

// Positions in kBuiltins, ordered by key.
constexpr auto kByKey = [] {
  std::array<uint8_t, kBuiltins.size()> order = {};
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<uint8_t>(i);
  std::ranges::sort(order, {}, [](uint8_t i) { return kBuiltins[i].key; });
  return order;
}();
static_assert(std::ranges::adjacent_find(kByKey, {}, [](uint8_t i) { return kBuiltins[i].key; }) == kByKey.end(),
              "two builtins of one style have one name");

}  // namespace

auto GetBuiltin(BuiltinId id) -> const BuiltinInfo& { return kBuiltins[static_cast<size_t>(id)]; }

auto AllBuiltins() -> std::span<const BuiltinInfo> { return kBuiltins; }

auto FindBuiltin(std::string_view key) -> const BuiltinInfo* {
  const auto key_of = [](uint8_t i) { return kBuiltins[i].key; };
  const auto it = std::ranges::lower_bound(kByKey, key, {}, key_of);
  return it != kByKey.end() && key_of(*it) == key ? &kBuiltins[*it] : nullptr;
}

auto FindBuiltin(std::string_view name, CallStyle style) -> const BuiltinInfo* {
  const auto* found = FindBuiltin(name);
  if (found != nullptr && found->style != style) found = FindBuiltin(std::string(".").append(name));
  return found != nullptr && found->style == style ? found : nullptr;
}

auto ExtensionTypeName(const BuiltinInfo& builtin) -> std::string_view {
  return builtin.is_constructor ? KindName(builtin.signature.result) : builtin.name;
}

}  // namespace remit
