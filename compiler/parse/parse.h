// Text to syntax tree. ANTLR stays behind this header.
//
// Parsing goes statement by statement, so memory is bounded by the largest statement and an error costs one statement: the
// next one is parsed and reported as well.
#pragma once

#include <string>
#include <vector>

#include "compiler/ast/ast.h"
#include "compiler/source/diagnostic.h"
#include "runtime/base/limits.h"

namespace remit {

struct ParseContext {
  SourceManager& sources;  // grows when JSON embeds policy text
  Interner& interner;
  DiagnosticSink& sink;
  Limits limits;
};

// Appends the file's statements to `ast`: policies, templates and Remit's statements. Statements with errors are reported and left
// out. True if there was no error.
auto ParsePolicies(FileId file, ParseContext& context, ast::Ast& ast) -> bool;

// One expression and nothing else. None if there was an error.
auto ParseExpression(FileId file, ParseContext& context, ast::Ast& ast) -> ast::ExprId;

// A comment with its `//`, without the line break.
struct Comment {
  Span span;
  bool own_line = false;  // nothing but white space before it on its line
};
auto CollectComments(FileId file, const SourceManager& sources) -> std::vector<Comment>;

// `U::"a"` (white space allowed), for places that take an entity as text.
auto ParseEntityUid(std::string_view text, Interner& interner) -> std::optional<EntityUid>;

// For `remit compile --dump tokens|cst`: one line a token; the tree as nested parentheses, one rule a line.
auto DumpTokens(FileId file, const SourceManager& sources) -> std::string;
auto DumpCst(FileId file, ParseContext& context) -> std::string;

}  // namespace remit
