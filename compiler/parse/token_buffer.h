// The tokens of one statement, as ANTLR's parser reads them.
//
// The splitter fills it and clears it, so memory is bounded by the largest statement. ANTLR's own CommonTokenStream pulls from
// a lexer to the end of the file, and keeps all of it.
#pragma once

#include <antlr4-runtime.h>

#include <memory>
#include <string>
#include <vector>

namespace remit::parse {

class TokenBuffer : public antlr4::TokenStream {
 public:
  void Clear();
  void Append(std::unique_ptr<antlr4::Token> token);
  auto tokens() const -> const std::vector<std::unique_ptr<antlr4::Token>>& { return tokens_; }

  // INVARIANT: parsing starts when the last token is EOF.
  void consume() override { ++next_; }
  auto LA(ssize_t distance) -> size_t override;
  auto LT(ssize_t distance) -> antlr4::Token* override;
  auto get(size_t index) const -> antlr4::Token* override { return tokens_[index].get(); }
  auto getTokenSource() const -> antlr4::TokenSource* override { return nullptr; }
  auto getText(const antlr4::misc::Interval& interval) -> std::string override;
  auto getText() -> std::string override;
  auto getText(antlr4::RuleContext* context) -> std::string override;
  auto getText(antlr4::Token* start, antlr4::Token* stop) -> std::string override;
  auto mark() -> ssize_t override { return 0; }
  void release(ssize_t /*marker*/) override {}
  auto index() -> size_t override { return next_; }
  void seek(size_t index) override { next_ = index; }
  auto size() -> size_t override { return tokens_.size(); }
  auto getSourceName() const -> std::string override { return ""; }

 private:
  std::vector<std::unique_ptr<antlr4::Token>> tokens_;
  size_t next_ = 0;
};

}  // namespace remit::parse
