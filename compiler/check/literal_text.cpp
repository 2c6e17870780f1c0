#include "compiler/check/literal_text.h"

namespace remit::check {

auto Construct(BuiltinId constructor, SymbolId text, const Interner& interner, Arena& arena) -> std::expected<Value, std::string> {
  BuiltinContext context{.arena = arena, .interner = interner, .error = {}};
  const Value argument = Value::OfString(interner.text(text));
  Value result;
  if (!GetBuiltin(constructor).call(context, {&argument, 1}, result)) return std::unexpected(std::move(context.error));
  return result;
}

}  // namespace remit::check
