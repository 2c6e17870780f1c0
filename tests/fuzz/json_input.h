// For the targets that read JSON: the input read twice, without a schema and with one that has every kind of type.
#pragma once

#include <functional>
#include <string_view>

#include "runtime/request/json.h"

namespace remit::fuzz {

using JsonReader = std::function<void(std::string_view json, Interner& interner, const JsonOptions& options)>;

// Each reading has an interner of its own over the schema's.
void WithAndWithoutSchema(const uint8_t* data, size_t size, const JsonReader& read);

// The value's JSON reads back as an equal value, and its text is the same.
void RequireJsonBack(const Value& value, Interner& interner, const JsonOptions& options);

}  // namespace remit::fuzz
