// A request's tree, and what its reader asks of the entities that come with it.
#pragma once

#include <vector>

#include "runtime/request/json.h"
#include "runtime/request/json_value.h"

namespace remit::json {

// As ReadRequest of json.h, of a document that was parsed.
auto ReadRequestAt(const Cursor& at, ValueReader& reader, const JsonOptions& options, const EntityStore* base) -> Expected<RequestDocument>;

// Which entities a decision may ask what they are in, but for those that entities hold and that policies name.
auto AskedBy(const RequestDocument& document) -> std::vector<EntityUid>;

}  // namespace remit::json
