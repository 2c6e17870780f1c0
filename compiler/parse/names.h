// Identifiers, names of types and functions, and entities: what may stand for one, and what is reserved.
#pragma once

#include <optional>
#include <string>

#include "compiler/parse/conversion.h"

namespace remit::parse {

// An attribute, a field, a budget's name: not one of Cedar's reserved words, not `__cedar`.
auto ToIdentifier(Conversion& c, const Rule* word) -> std::optional<SymbolId>;

auto IsEntity(Grammar::NameContext* name) -> bool;
// Of one word only, without `::`.
auto IsSimple(Grammar::NameContext* name) -> bool;

// `A::B` without white space. Not for entities.
auto ToName(Conversion& c, Grammar::NameContext* name) -> std::optional<std::string>;
// `A::B::"id"`; anything else is reported.
auto ToEntity(Conversion& c, Grammar::NameContext* name) -> std::optional<EntityUid>;

// `principal`, `action`, `resource` or `context`.
auto FindVariable(std::string_view name) -> std::optional<ast::Var>;

}  // namespace remit::parse
