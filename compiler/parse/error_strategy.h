// What ANTLR's parser does at a syntax error: stop. It never recovers inside a statement, so one mistake gives one error.
#pragma once

#include <antlr4-runtime.h>

#include "compiler/parse/syntax_error.h"

namespace remit::parse {

// Throws at the first error. Right for nearly every statement: those without one.
class StopAtError : public antlr4::ANTLRErrorStrategy {
 public:
  void reset(antlr4::Parser* /*parser*/) override {}
  auto recoverInline(antlr4::Parser* parser) -> antlr4::Token* override;
  void recover(antlr4::Parser* parser, std::exception_ptr error) override;
  void sync(antlr4::Parser* /*parser*/) override {}
  auto inErrorRecoveryMode(antlr4::Parser* /*parser*/) -> bool override { return false; }
  void reportMatch(antlr4::Parser* /*parser*/) override {}
  void reportError(antlr4::Parser* /*parser*/, const antlr4::RecognitionException& /*error*/) override {}
};

// The same for a second pass over a statement known to be wrong. On its way it collects what would have fitted at each token, in
// all the rules that were tried there.
class ExplainError : public StopAtError {
 public:
  auto recoverInline(antlr4::Parser* parser) -> antlr4::Token* override;
  void recover(antlr4::Parser* parser, std::exception_ptr error) override;
  void sync(antlr4::Parser* parser) override;
  void reportError(antlr4::Parser* parser, const antlr4::RecognitionException& error) override;

  auto error() const -> const SyntaxError& { return error_; }

 private:
  void Expect(antlr4::Parser* parser, const antlr4::misc::IntervalSet& tokens);

  SyntaxError error_;
};

}  // namespace remit::parse
