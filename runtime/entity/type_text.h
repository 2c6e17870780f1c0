// A type of a resolved schema as schema text, `Set<{a: Long, b?: Acme::User}>`, for messages and for `remit schema show`.
#pragma once

#include <cstddef>
#include <limits>
#include <string>

#include "runtime/entity/schema.h"

namespace remit {

// As schema text names it: `Long`, `ipaddr`. Empty for kinds that are not one word.
auto PrimitiveTypeName(Kind kind) -> std::string_view;

// On one line, attributes in the order of their names. What is longer than `max_size` ends in `...`: types may share their parts, so that
// the whole text of a small schema can be huge.
auto FormatType(const Schema& schema, TypeId type, const Interner& interner, size_t max_size = std::numeric_limits<size_t>::max())
    -> std::string;

}  // namespace remit
