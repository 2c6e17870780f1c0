// The fragments of a schema as one document: each namespace once, with the declarations of all files.
//
// Parts point into the fragments, whose type expressions stay where they are: copying them into one vector would have to renumber them.
#pragma once

#include <vector>

#include "compiler/parse/parse.h"
#include "compiler/schema/ast.h"

namespace remit {

struct NamespacePart {
  const schema_ast::Fragment* fragment;
  const schema_ast::Namespace* declarations;
};

struct MergedNamespace {
  SymbolId name;  // none: the unnamed namespace
  std::vector<schema_ast::Annotation> annotations;
  std::vector<NamespacePart> parts;
};

// The unnamed namespace first, the others in the order of their first mention. Reports annotations of one namespace that differ. The
// fragments must outlive the result.
auto MergeNamespaces(const std::vector<schema_ast::Fragment>& fragments, ParseContext& context) -> std::vector<MergedNamespace>;

}  // namespace remit
