// What of requests a schema calls sensitive, by the annotation `@sensitive`: on an attribute, or on a declaration, which means all that it declares.
//
// The resolved schema has no annotations, because nothing that decides reads them; this reads the syntax trees a second time. Keeping them with every type of the
// runtime, the alternative, would make each bundle carry them.
#pragma once

#include <string>
#include <vector>

#include "compiler/parse/parse.h"
#include "compiler/schema/ast.h"

namespace remit {

// Names from the outermost in. The first is `context`, or `entities` with an entity type behind it; `*` is any name. Common types are followed to where they are
// used. What one action calls sensitive is so in every action: records are masked by name.
using SensitivePath = std::vector<std::string>;

// Of fragments that make a schema together. A type that is too entangled to be followed is sensitive as a whole.
auto SensitivePaths(const std::vector<schema_ast::Fragment>& fragments, ParseContext& context) -> std::vector<SensitivePath>;

}  // namespace remit
