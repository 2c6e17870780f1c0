// Tokens of one statement to ANTLR's tree.
//
// Prediction is SLL only: every choice in the grammar is made on at most two tokens of its own rule, so the full LL
// prediction that ANTLR would try next could only give the same answer, and its closure recurses with the nesting of the text.
#pragma once

// clang-format off: the generated header takes its base classes for granted
#include "compiler/parse/cst_parser.h"
#include <RemitParser.h>
// clang-format on

#include "compiler/parse/error_strategy.h"
#include "compiler/parse/token_buffer.h"

namespace remit::parse {

using Grammar = grammar::RemitParser;

class TextToCst {
 public:
  TextToCst();

  // Null after a syntax error, which `error` then describes. Trees live until the next call and borrow `tokens`.
  auto ParseStatement(TokenBuffer& tokens) -> Grammar::StatementContext*;
  auto ParseExpression(TokenBuffer& tokens) -> Grammar::ExpressionContext*;

  auto error() const -> const SyntaxError& { return error_; }
  auto rule_names() const -> const std::vector<std::string>& { return parser_.getRuleNames(); }
  auto vocabulary() const -> const antlr4::dfa::Vocabulary& { return parser_.getVocabulary(); }

 private:
  template <typename Tree>
  auto Parse(TokenBuffer& tokens, Tree* (Grammar::*rule)()) -> Tree*;
  template <typename Tree>
  void Explain(TokenBuffer& tokens, Tree* (Grammar::*rule)());

  TokenBuffer no_tokens_;
  Grammar parser_;
  SyntaxError error_;
};

}  // namespace remit::parse
