// Whether a value is what a place of the schema may hold: kinds, attributes of records, ids of enumerated types, declared actions.
//
// Costs one walk over the value and allocates nothing if it conforms. The tempting alternative, checking in the reader of JSON, would leave
// out values that come another way, and would need the JSON again to validate what has been read.
#pragma once

#include "runtime/base/error.h"
#include "runtime/entity/schema.h"

namespace remit {

// Codes: "type-mismatch", "missing-attribute", "unexpected-attribute" and those of ValidateUid. The pointer leads from the value to what is
// wrong in it; elements of a set have no place of their own there.
auto ValidateValue(const Schema& schema, const Interner& interner, const Value& value, TypeId type) -> Expected<void>;

// The same for a record type's fields.
auto ValidateRecord(const Schema& schema, const Interner& interner, RecordView record, const Type& type) -> Expected<void>;

// An entity of an enumerated type must be one of those, an action must be declared; other types have whatever entities there are. Codes:
// "unknown-enumerated-id", "undeclared-action".
auto ValidateUid(const Schema& schema, const Interner& interner, EntityUid uid) -> Expected<void>;

// `Action` and `N::Action`.
auto IsActionType(std::string_view type) -> bool;

}  // namespace remit
