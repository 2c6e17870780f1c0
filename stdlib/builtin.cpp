// The table of builtins, made from builtins.def and the types of the bodies.
#include "stdlib/builtin.h"

#include <algorithm>
#include <array>

#include "stdlib/builtin_detail.h"
#include "stdlib/datetime.h"
#include "stdlib/decimal.h"
#include "stdlib/duration.h"
#include "stdlib/ip.h"
#include "stdlib/unknown.h"

namespace remit {
namespace {

enum class Trait : uint8_t { Pure, Constructor };

constexpr std::array kBuiltins = {
#define BUILTIN(row_id, surface, call_style, body, trait, text, sample) \
  BuiltinInfo{.id = BuiltinId::row_id,                                  \
              .name = surface,                                          \
              .style = CallStyle::call_style,                           \
              .signature = builtin_detail::SignatureOf<&body>(),        \
              .is_constructor = Trait::trait == Trait::Constructor,     \
              .doc = text,                                              \
              .example = sample,                                        \
              .call = builtin_detail::ThunkOf<&body>()},
#include "stdlib/builtins.def"
#undef BUILTIN
};

// Positions in kBuiltins, ordered by name.
constexpr auto kByName = [] {
  std::array<uint8_t, kBuiltins.size()> order = {};
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<uint8_t>(i);
  std::ranges::sort(order, {}, [](uint8_t i) { return kBuiltins[i].name; });
  return order;
}();
static_assert(std::ranges::adjacent_find(kByName, {}, [](uint8_t i) { return kBuiltins[i].name; }) == kByName.end(),
              "two builtins have one name");

}  // namespace

auto GetBuiltin(BuiltinId id) -> const BuiltinInfo& { return kBuiltins[static_cast<size_t>(id)]; }

auto AllBuiltins() -> std::span<const BuiltinInfo> { return kBuiltins; }

auto FindBuiltin(std::string_view name) -> const BuiltinInfo* {
  const auto by_name = [](uint8_t i) { return kBuiltins[i].name; };
  const auto it = std::ranges::lower_bound(kByName, name, {}, by_name);
  return it != kByName.end() && by_name(*it) == name ? &kBuiltins[*it] : nullptr;
}

auto ExtensionTypeName(const BuiltinInfo& builtin) -> std::string_view {
  return builtin.is_constructor ? KindName(builtin.signature.result) : builtin.name;
}

}  // namespace remit
