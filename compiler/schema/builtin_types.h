// The types that need no declaration: `Bool`, `Long`, `String` and the extension types.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "runtime/value/value.h"

namespace remit {

struct SchemaBuiltinType {
  std::string_view name;
  Kind kind;
  bool is_extension;
};

auto BuiltinTypes() -> std::span<const SchemaBuiltinType>;
// By bare name, `ipaddr`. Null if there is none.
auto FindBuiltinType(std::string_view name) -> const SchemaBuiltinType*;
auto ExtensionTypeNames() -> std::vector<std::string_view>;

// Names that JSON gives a meaning of their own, so that no common type may have them, in either syntax.
auto IsReservedTypeName(std::string_view name) -> bool;

}  // namespace remit
