// A value in canonical JSON: Cedar's explicit forms, so that a person and another node can read what was approved.
//
// INVARIANT: different values have different texts, and equal values one text on every node. Sets are sorted by the bytes of their elements,
// records by RFC 8785. A record with a key that begins with `__` is wrapped, `{"__record":{..}}`, so that none looks like an entity or an
// extension value.
#pragma once

#include <string>

#include "runtime/approval/limits.h"
#include "runtime/base/error.h"
#include "runtime/value/value.h"

namespace remit::approval {

// Codes: "approval-request-too-large", "approval-request-too-deep".
auto CanonicalValue(const Value& value, const Interner& interner, const ApprovalLimits& limits) -> Expected<std::string>;

}  // namespace remit::approval
