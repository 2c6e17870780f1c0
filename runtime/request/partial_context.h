// The context of a request that is only partly known.
#pragma once

#include <span>
#include <string_view>

#include "runtime/base/arena.h"
#include "runtime/request/json.h"

namespace remit {

// The attributes that are known, read by the schema and validated. Attributes in `unknown` are not among them; every other attribute that the
// action's context requires is. Pointers are within the context. Codes: those of ReadContext and ValidateContext, "undeclared-action",
// "attribute-not-unknown".
auto ReadPartialContext(std::string_view json, std::span<const SymbolId> unknown, EntityUid action, Interner& interner, Arena& arena,
                        const JsonOptions& options) -> Expected<RecordView>;

}  // namespace remit
