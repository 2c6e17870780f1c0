// Constants of the text form: the spelling of FormatValue.
#pragma once

#include "runtime/ir/text_reader.h"

namespace remit::ir {

// What parsing a value needs besides the text. Values live in `arena`.
struct ValueContext {
  TextReader& reader;
  Interner& interner;
  Arena& arena;
};

auto ParseValue(ValueContext& context) -> Value;
auto ParseEntity(ValueContext& context) -> EntityUid;

}  // namespace remit::ir
