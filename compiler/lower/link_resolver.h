// Which template each link is of.
//
// Ids and links are looked at by lowering, which makes rows of them, and by checking, which only wants to know what is wrong.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/source/diagnostic.h"

namespace remit {

struct ResolvedLinks {
  std::vector<bool> has_id;  // parallel to the statements: it decides something, and no one before it has its id
  std::vector<std::optional<uint32_t>> template_of;  // parallel to the links: the template's statement; none for a link with a mistake
};

// `ids` is parallel to the statements. Reported: policies and links with an id that is used already, links to unknown templates, missing or extra
// slot values.
auto ResolveLinks(const ast::Ast& ast, const std::vector<std::string>& ids, Interner& interner, DiagnosticSink& sink) -> ResolvedLinks;

}  // namespace remit
