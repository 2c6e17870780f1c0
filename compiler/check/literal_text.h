// What a constructor makes of a text that is written out: tried at once, since it is the same for every request.
#pragma once

#include <expected>
#include <string>

#include "runtime/base/arena.h"
#include "runtime/base/interner.h"
#include "stdlib/builtin.h"

namespace remit::check {

// The value, which may live in `arena`, or why the constructor refuses the text.
auto Construct(BuiltinId constructor, SymbolId text, const Interner& interner, Arena& arena) -> std::expected<Value, std::string>;

}  // namespace remit::check
