// One piece of schema text to ANTLR's parse tree.
#pragma once

#include <antlr4-runtime.h>

#include <optional>

#include "SchemaLexer.h"
#include "SchemaParser.h"
#include "compiler/parse/byte_stream.h"
#include "compiler/parse/schema/piece_scanner.h"
#include "compiler/source/diagnostic.h"

namespace remit {

using schema_grammar::SchemaParser;

// Where a piece stopped making sense.
struct SchemaSyntaxError {
  Span span;                           // of the first token that fits nowhere; empty at the end of the piece
  size_t token_type = 0;               // antlr4::Token::EOF at the end of the piece
  uint32_t previous_end = 0;           // of the token before
  antlr4::misc::IntervalSet expected;  // token types that would have fitted; empty if that takes more than one token to say
};

// Owns ANTLR's objects for one piece; the tree lives as long as this does.
class SchemaPieceParser {
 public:
  SchemaPieceParser(const Piece& piece, const SourceManager& sources);

  // Null if the piece has an error: see `error`.
  auto ParseNamespaceHead() -> SchemaParser::NamespaceHeadContext* { return Parse(&SchemaParser::namespaceHead); }
  auto ParseDeclaration() -> SchemaParser::DeclarationContext* { return Parse(&SchemaParser::declaration); }

  auto error() const -> const std::optional<SchemaSyntaxError>& { return error_; }
  auto SpanOf(const antlr4::ParserRuleContext& node) const -> Span;
  auto SpanOf(const antlr4::Token& token) const -> Span;

 private:
  template <typename Tree>
  auto Parse(Tree* (SchemaParser::*rule)()) -> Tree*;
  template <typename Tree>
  void Explain(Tree* (SchemaParser::*rule)());

  Span span_;
  parse::ByteStream bytes_;
  schema_grammar::SchemaLexer lexer_;
  antlr4::CommonTokenStream tokens_;
  SchemaParser parser_;
  std::optional<SchemaSyntaxError> error_;
};

auto StartsDeclaration(size_t token_type) -> bool;

// The declaration was complete but for its `;`: what follows is another one.
auto IsMissingSemicolon(const SchemaSyntaxError& error) -> bool;

void ReportSchemaSyntaxError(const SchemaSyntaxError& error, const SourceManager& sources, DiagnosticSink& sink);

}  // namespace remit
