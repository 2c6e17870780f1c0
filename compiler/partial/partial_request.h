// A request of which some things are not known yet: which principal, which resource, attributes of the context.
//
// Types are always known, and so is the action: they choose the environment that a policy set has been checked for, and that is what makes
// folding by types sound. Cedar's type-aware partial evaluation draws the same line.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "runtime/entity/schema.h"
#include "runtime/value/value.h"

namespace remit::partial {

struct PartialUid {
  SymbolId type;
  std::optional<SymbolId> id = std::nullopt;  // none: some entity of the type

  static auto Of(EntityUid uid) -> PartialUid { return {.type = uid.type, .id = uid.id}; }
  auto uid() const -> std::optional<EntityUid> { return id ? std::optional(EntityUid{.type = type, .id = *id}) : std::nullopt; }
};

// Each attribute of the action's context is known to be there (in `known`), unknown, or known to be absent (in neither).
struct PartialContext {
  RecordView known = {};
  std::vector<SymbolId> unknown = {};

  auto is_known() const -> bool { return unknown.empty(); }
};

// Valid for the schema: see ValidateRequestTypes and ReadPartialContext.
struct PartialRequest {
  PartialUid principal;
  EntityUid action;
  PartialUid resource;
  PartialContext context;
  std::optional<Datetime> now = std::nullopt;  // the time of the decision; none: not known yet
};

// Nothing is known but the names. A context without attributes is known for that.
auto UnknownContext(const Schema& schema, const ActionDecl& action) -> PartialContext;

}  // namespace remit::partial
