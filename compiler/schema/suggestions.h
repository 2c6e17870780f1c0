// What an author may have meant by a name that a schema does not declare.
#pragma once

#include <string>

#include "compiler/schema/definitions.h"

namespace remit {

// A help text, empty if there is nothing sensible to say.
auto SuggestType(const schema_ast::Name& name, SymbolId name_space, schema_ast::Reference reference, const Definitions& definitions,
                 const Interner& interner) -> std::string;
auto SuggestAction(const schema_ast::ActionRef& ref, const Definitions& definitions, const Interner& interner) -> std::string;

}  // namespace remit
