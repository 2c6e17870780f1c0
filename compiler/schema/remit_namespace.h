// The built-in namespace `Remit`: what policies about approvals are typed with.
//
// It is a schema text like any other, but for what no schema text can say: that anyone may ask, and that an attribute is an entity of any type.
// Those are added once names are resolved. Nobody sees it who does not ask for it, by the name of a schema that is no file: an action more is a
// kind of request more, in which every policy that names no action would have to type.
#pragma once

#include <string_view>

#include "runtime/entity/schema.h"

namespace remit {

// In the place of a schema file's name.
inline constexpr std::string_view kRemitNamespace = "builtin:remit";

// What policies about callers of the decision server are typed with: the types of callers, `Remit::Role`, `Remit::Server`, and what callers may do. Apart from the
// namespace above, because those policies are about other requests: with its actions among a project's, every policy that names no action would have to type
// for them.
inline constexpr std::string_view kServerNamespace = "builtin:server";
auto ServerNamespaceText() -> std::string_view;
// All entity types of the schema may ask for its actions: callers are of any type that a credential gives them.
void CompleteServerNamespace(Schema& schema, Interner& interner);

// Declares `Remit::Role`, `Remit::Escalation` and `Remit::Action::"approve"`.
auto RemitNamespaceText() -> std::string_view;

// Of a schema compiled with that text: all its entity types may be asked to approve, and escalations have `by`, `requester`, `action`, `resource`,
// `delegation` and `context`. That is the context of any action: it has what actions have, all of it optional, but for attributes of which two
// actions say different things: those have no type and cannot be read.
void CompleteRemitNamespace(Schema& schema, Interner& interner);

}  // namespace remit
