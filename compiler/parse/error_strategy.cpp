#include "compiler/parse/error_strategy.h"

namespace remit::parse {

auto StopAtError::recoverInline(antlr4::Parser* /*parser*/) -> antlr4::Token* { throw antlr4::ParseCancellationException(); }

void StopAtError::recover(antlr4::Parser* /*parser*/, std::exception_ptr /*error*/) { throw antlr4::ParseCancellationException(); }

void ExplainError::Expect(antlr4::Parser* parser, const antlr4::misc::IntervalSet& tokens) {
  const size_t index = parser->getTokenStream()->index();
  if (index != error_.index) error_ = {.index = index, .expected = {}};
  error_.expected.addAll(tokens);
}

void ExplainError::sync(antlr4::Parser* parser) {
  const auto& atn = parser->getInterpreter<antlr4::atn::ParserATNSimulator>()->atn;
  Expect(parser, atn.nextTokens(atn.states[parser->getState()]));
}

auto ExplainError::recoverInline(antlr4::Parser* parser) -> antlr4::Token* {
  Expect(parser, parser->getExpectedTokens());
  throw antlr4::ParseCancellationException();
}

// Called where a choice between alternatives failed; it may have looked further ahead than where the parser stands.
void ExplainError::reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) {
  const auto* offending = error.getOffendingToken();
  if (offending != nullptr && offending->getTokenIndex() != parser->getTokenStream()->index()) {
    error_ = {.index = offending->getTokenIndex(), .expected = {}};
  } else {
    Expect(parser, parser->getExpectedTokens());
  }
}

void ExplainError::recover(antlr4::Parser* parser, std::exception_ptr error) { StopAtError::recover(parser, std::move(error)); }

}  // namespace remit::parse
