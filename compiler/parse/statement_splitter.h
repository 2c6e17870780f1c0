// Cuts a file into statements, token by token, before any grammar is applied.
//
// That bounds memory by the largest statement, keeps a mistake from spreading to the next statement, and is the place where
// nesting is measured: the parser behind recurses, so what is too deep never reaches it.
#pragma once

#include <vector>

#include "compiler/parse/parse.h"
#include "compiler/parse/token_buffer.h"
#include "compiler/parse/token_source.h"

namespace remit::parse {

class StatementSplitter {
 public:
  enum class Result {
    Statement,  // `tokens` holds one, then EOF
    Broken,     // there was one, and what is wrong with it has been reported
    End,
  };

  StatementSplitter(FileId file, ParseContext& context);

  // Up to the `;` that ends a statement, the `}` that ends a test, the end of the file, or a place where a new statement
  // clearly begins though the last one has not ended.
  auto NextStatement(TokenBuffer& tokens) -> Result;
  // Everything: one expression.
  auto WholeFile(TokenBuffer& tokens) -> Result;

 private:
  // An open bracket and the `if`s directly in it. Those nest too: an `else` branch reaches as far as it can.
  struct Level {
    size_t open_bracket;  // token type, 0 for the statement itself
    uint32_t ifs = 0;
  };

  void Begin(TokenBuffer& tokens);
  void Append(TokenBuffer& tokens);
  void Track(const antlr4::Token& token, const antlr4::Token* previous);
  void CloseBracket();
  void EndOfPart();
  void ReportOnce(DiagnosticCode code, const antlr4::Token& token, uint64_t limit);
  void SkipToSemicolon();
  auto StatementEndedBy(const antlr4::Token& token) -> bool;
  auto NextBeginsStatement(size_t distance) -> bool;
  auto NextIsClearlyNew(const TokenBuffer& tokens) -> bool;
  auto Finish(TokenBuffer& tokens) -> Result;
  auto depth() const -> size_t { return levels_.size() - 1; }

  FileId file_;
  ParseContext& context_;
  TokenSource source_;

  // Of the current statement
  std::vector<Level> levels_;
  uint32_t ifs_ = 0;
  size_t keyword_ = 0;         // type of the token that says which statement this is, 0 before it
  bool scope_closed_ = false;  // a bracket has closed at the outermost level after the keyword
  bool broken_ = false;
  bool skip_ = false;          // a limit was hit: nothing more of this statement is looked at
};

}  // namespace remit::parse
