// One piece of schema text to ANTLR's parse tree, with ANTLR's complaints turned into diagnostics.
#pragma once

#include <antlr4-runtime.h>

#include <optional>
#include <vector>

#include "SchemaLexer.h"
#include "SchemaParser.h"
#include "compiler/parse/schema/piece_scanner.h"
#include "compiler/source/diagnostic.h"

namespace remit {

using schema_grammar::SchemaParser;

// Where a piece stopped making sense: ANTLR's first complaint, as data.
struct SchemaSyntaxError {
  Span span;
  uint32_t previous_end = 0;  // of the token before
  size_t token_type = 0;  // antlr4::Token::EOF if the piece ended too early
  bool token_expected_semicolon = false;
  std::vector<std::string> expected;  // as shown to people: "`;`", "a name"
};

// Owns ANTLR's objects for one piece; the tree lives as long as this does.
class SchemaPieceParser {
 public:
  SchemaPieceParser(const Piece& piece, const SourceManager& sources);

  // Null if the piece has an error: see `error`.
  auto ParseNamespaceHead() -> SchemaParser::NamespaceHeadContext*;
  auto ParseDeclaration() -> SchemaParser::DeclarationContext*;

  auto error() const -> const std::optional<SchemaSyntaxError>& { return error_; }
  auto SpanOf(const antlr4::ParserRuleContext& node) const -> Span;
  auto SpanOf(const antlr4::Token& token) const -> Span;

 private:
  class Listener;

  // ANTLR counts code points, spans count bytes.
  auto ByteAt(size_t code_point) const -> uint32_t;

  Span span_;
  std::string_view text_;
  std::vector<uint32_t> byte_offsets_;  // empty if the piece is ASCII
  std::optional<SchemaSyntaxError> error_;
  antlr4::ANTLRInputStream input_;
  schema_grammar::SchemaLexer lexer_;
  antlr4::CommonTokenStream tokens_;
  SchemaParser parser_;
};

auto StartsDeclaration(size_t token_type) -> bool;

// The declaration was complete but for its `;`: what follows is another one.
auto IsMissingSemicolon(const SchemaSyntaxError& error, std::string_view token) -> bool;

void ReportSyntaxError(const SchemaSyntaxError& error, const SourceManager& sources, DiagnosticSink& sink);

}  // namespace remit
