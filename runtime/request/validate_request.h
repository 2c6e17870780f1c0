// Whether a request is one that the schema provides for: a declared action, a principal and a resource it applies to, a context of its type.
//
// Whoever makes requests without JSON calls this before deciding; reading JSON (json.h) does it unless told not to.
#pragma once

#include "runtime/base/error.h"
#include "runtime/entity/schema.h"
#include "runtime/request/request.h"

namespace remit {

// Pointers are into a request document: `/principal`, `/context/amount`. Codes: "undeclared-entity-type", "undeclared-action",
// "unknown-enumerated-id", "principal-not-applicable", "resource-not-applicable" and those of ValidateValue.
auto ValidateRequest(const Schema& schema, const Interner& interner, const Request& request) -> Expected<void>;

// What can be said before principal and resource are known: the action is declared and applies to such types. Pointers and codes as above.
auto ValidateRequestTypes(const Schema& schema, const Interner& interner, SymbolId principal, EntityUid action, SymbolId resource)
    -> Expected<void>;

// The context alone. Pointers are within it.
auto ValidateContext(const Schema& schema, const Interner& interner, EntityUid action, RecordView context) -> Expected<void>;

// The declaration of an action, or "undeclared-action".
auto RequireAction(const Schema& schema, const Interner& interner, EntityUid action) -> Expected<const ActionDecl*>;

}  // namespace remit
