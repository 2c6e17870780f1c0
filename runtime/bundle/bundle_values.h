// Constants of a program in a bundle.
#pragma once

#include "runtime/bundle/archive.h"
#include "runtime/value/value.h"

namespace remit::bundle {

// For Collector and Writer.
template <typename Archive>
void WriteValue(Archive& archive, const Value& value);
// Zero if something is wrong, which the reader knows then. Memory of the value is in `arena`.
auto ReadValue(Reader& reader, Arena& arena, const Interner& interner, uint32_t depth = 0) -> Value;

}  // namespace remit::bundle
