#include "compiler/parse/text_to_cst.h"

#include <memory>

namespace remit::parse {

TextToCst::TextToCst() : parser_(&no_tokens_) {
  parser_.removeErrorListeners();
  parser_.getInterpreter<antlr4::atn::ParserATNSimulator>()->setPredictionMode(antlr4::atn::PredictionMode::SLL);
  parser_.setErrorHandler(std::make_shared<StopAtError>());
}

auto TextToCst::ParseStatement(TokenBuffer& tokens) -> Grammar::StatementContext* { return Parse(tokens, &Grammar::statement); }

auto TextToCst::ParseExpression(TokenBuffer& tokens) -> Grammar::ExpressionContext* { return Parse(tokens, &Grammar::expression); }

template <typename Tree>
auto TextToCst::Parse(TokenBuffer& tokens, Tree* (Grammar::*rule)()) -> Tree* {
  parser_.setTokenStream(&tokens);
  try {
    return (parser_.*rule)();
  } catch (const antlr4::ParseCancellationException&) {
    Explain(tokens, rule);
    return nullptr;
  }
}

template <typename Tree>
void TextToCst::Explain(TokenBuffer& tokens, Tree* (Grammar::*rule)()) {
  const auto stop = parser_.getErrorHandler();
  const auto explain = std::make_shared<ExplainError>();
  tokens.seek(0);
  parser_.setErrorHandler(explain);
  parser_.setTokenStream(&tokens);
  try {
    (parser_.*rule)();
  } catch (const antlr4::ParseCancellationException&) {
    error_ = explain->error();
  }
  parser_.setErrorHandler(stop);
}

}  // namespace remit::parse
