#include "compiler/parse/schema/text_to_cst.h"

#include "compiler/parse/error_strategy.h"

namespace remit {

SchemaPieceParser::SchemaPieceParser(const Piece& piece, const SourceManager& sources)
    : span_(piece.span), bytes_(sources.text(piece.span)), lexer_(&bytes_), tokens_(&lexer_), parser_(&tokens_) {
  lexer_.removeErrorListeners();
  parser_.removeErrorListeners();
}

auto SchemaPieceParser::SpanOf(const antlr4::Token& token) const -> Span {
  if (token.getType() == antlr4::Token::EOF) return {.file = span_.file, .begin = span_.end, .end = span_.end};
  return {.file = span_.file,
          .begin = span_.begin + static_cast<uint32_t>(token.getStartIndex()),
          .end = span_.begin + static_cast<uint32_t>(token.getStopIndex()) + 1};
}

// Rules that may be empty are not asked for their place.
auto SchemaPieceParser::SpanOf(const antlr4::ParserRuleContext& node) const -> Span {
  return Cover(SpanOf(*node.start), SpanOf(*node.stop));
}

template <typename Tree>
auto SchemaPieceParser::Parse(Tree* (SchemaParser::*rule)()) -> Tree* {
  parser_.setErrorHandler(std::make_shared<parse::StopAtError>());
  try {
    return (parser_.*rule)();
  } catch (const antlr4::ParseCancellationException&) {
    Explain(rule);
    return nullptr;
  }
}

// Once more, taking notes.
template <typename Tree>
void SchemaPieceParser::Explain(Tree* (SchemaParser::*rule)()) {
  parser_.reset();
  const auto explain = std::make_shared<parse::ExplainError>();
  parser_.setErrorHandler(explain);
  try {
    (parser_.*rule)();
  } catch (const antlr4::ParseCancellationException&) {
    const auto& found = explain->error();
    const auto* token = tokens_.get(found.index);
    error_ = SchemaSyntaxError{.span = SpanOf(*token),
                               .token_type = token->getType(),
                               .previous_end = found.index > 0 ? SpanOf(*tokens_.get(found.index - 1)).end : span_.begin,
                               .expected = found.expected};
  }
}

template auto SchemaPieceParser::Parse(SchemaParser::NamespaceHeadContext* (SchemaParser::*rule)()) -> SchemaParser::NamespaceHeadContext*;
template auto SchemaPieceParser::Parse(SchemaParser::DeclarationContext* (SchemaParser::*rule)()) -> SchemaParser::DeclarationContext*;

}  // namespace remit
