// JSON policies (Cedar calls the form EST) to syntax tree and back.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "compiler/ast/ast.h"
#include "compiler/parse/parse.h"

namespace remit {

// One policy or template as JSON, `{"effect": .., "principal": .., ...}`. Diagnostics carry JSON pointers.
// Appends to `ast`; none if there was an error.
auto PolicyFromJson(std::string_view json, ParseContext& context, ast::Ast& ast) -> ast::StatementId;

// A policy set: `{"staticPolicies": .., "templates": .., "templateLinks": [..]}`, each policy as JSON or as text, `staticPolicies` also as one
// text or an array. Fills `ast.explicit_ids` and `ast.links`. A document with "effect" is taken for a single policy.
auto PolicySetFromJson(std::string_view json, ParseContext& context, ast::Ast& ast) -> bool;

// Links alone, the contents of "templateLinks"; also the short form `{"template", "id", "principal"?, "resource"?}`.
auto LinksFromJson(std::string_view json, ParseContext& context, ast::Ast& ast) -> bool;

// The statement as Cedar's JSON. Reports statements that have no JSON form ("no-json-form") and returns null for them.
auto PolicyToJson(const ast::Ast& ast, ast::StatementId id, const Interner& interner, DiagnosticSink& sink) -> nlohmann::ordered_json;

// The whole set, keyed by `ids` (parallel to the statements).
auto PolicySetToJson(const ast::Ast& ast, const std::vector<std::string>& ids, const Interner& interner, DiagnosticSink& sink)
    -> nlohmann::ordered_json;

}  // namespace remit
