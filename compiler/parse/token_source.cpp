#include "compiler/parse/token_source.h"

namespace remit::parse {

TokenSource::TokenSource(std::string_view text) : bytes_(text), lexer_(&bytes_) { lexer_.removeErrorListeners(); }

void TokenSource::Fill(size_t count) {
  while (ahead_.size() < count) {
    auto token = lexer_.nextToken();
    if (token->getChannel() == antlr4::Token::DEFAULT_CHANNEL) ahead_.push_back(std::move(token));
  }
}

auto TokenSource::Peek(size_t distance) -> const antlr4::Token& {
  Fill(distance + 1);
  return *ahead_[distance];
}

auto TokenSource::Take() -> std::unique_ptr<antlr4::Token> {
  Fill(1);
  auto token = std::move(ahead_.front());
  ahead_.pop_front();
  end_of_last_ = token->getStopIndex() + 1;
  return token;
}

auto TokenSource::MakeEnd() -> std::unique_ptr<antlr4::Token> {
  auto token = std::make_unique<antlr4::CommonToken>(antlr4::Token::EOF);
  token->setStartIndex(end_of_last_);
  token->setStopIndex(end_of_last_ - 1);
  return token;
}

// INVARIANT: the grammar lists its keywords first and IDENTIFIER right after them.
auto IsWord(size_t token_type) -> bool { return token_type >= Lexer::TRUE && token_type <= Lexer::IDENTIFIER; }

}  // namespace remit::parse
