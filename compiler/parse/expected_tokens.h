// What would have fitted at a syntax error, for a reader: groups where there are many, words where there are few.
#pragma once

#include <antlr4-runtime.h>

#include <string>
#include <vector>

namespace remit::parse {

class ExpectedTokens {
 public:
  ExpectedTokens(const antlr4::misc::IntervalSet& tokens, const antlr4::dfa::Vocabulary& vocabulary);

  auto Has(size_t token_type) const -> bool { return tokens_.contains(token_type); }
  auto operand() const -> bool;    // an expression may begin here
  auto operation() const -> bool;  // an expression may go on here
  auto in_scope() const -> bool;   // a position of a scope may go on here
  // Keywords that fit, where no other identifier does.
  auto keywords() const -> std::vector<std::string>;
  // "expected `;`, `unless` or `when`"; empty if nothing is known.
  auto Describe() const -> std::string;

 private:
  auto Text(size_t token_type) const -> std::string;

  const antlr4::misc::IntervalSet& tokens_;
  const antlr4::dfa::Vocabulary& vocabulary_;
};

}  // namespace remit::parse
