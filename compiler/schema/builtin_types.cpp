#include "compiler/schema/builtin_types.h"

#include <algorithm>
#include <array>

namespace remit {
namespace {

// clang-format off
constexpr auto kTypes = std::to_array<SchemaBuiltinType>({
    // name      kind             extension
    {"Bool",     Kind::Bool,      false},
    {"Long",     Kind::Long,      false},
    {"String",   Kind::String,    false},
    {"ipaddr",   Kind::Ip,        true},
    {"decimal",  Kind::Decimal,   true},
    {"datetime", Kind::Datetime,  true},
    {"duration", Kind::Duration,  true},
});
// clang-format on

constexpr auto kReserved = std::to_array<std::string_view>({"Bool", "Boolean", "Entity", "Extension", "Long", "Record", "Set", "String"});

}  // namespace

auto BuiltinTypes() -> std::span<const SchemaBuiltinType> { return kTypes; }

auto FindBuiltinType(std::string_view name) -> const SchemaBuiltinType* {
  const auto* it = std::ranges::find(kTypes, name, &SchemaBuiltinType::name);
  return it == kTypes.end() ? nullptr : it;
}

auto ExtensionTypeNames() -> std::vector<std::string_view> {
  std::vector<std::string_view> names;
  for (const auto& type : kTypes) {
    if (type.is_extension) names.push_back(type.name);
  }
  return names;
}

auto IsReservedTypeName(std::string_view name) -> bool { return std::ranges::find(kReserved, name) != kReserved.end(); }

}  // namespace remit
