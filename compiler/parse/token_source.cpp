#include "compiler/parse/token_source.h"

#include <algorithm>

namespace remit::parse {

TokenSource::TokenSource(std::string_view text) : table_(TokenTable::Get()), text_(text), bytes_(text) {}

void TokenSource::Fill(size_t count) {
  while (ahead_.size() < count) ahead_.push_back(Next());
}

auto TokenSource::Next() -> std::unique_ptr<antlr4::Token> {
  while (at_ < text_.size()) {
    const size_t begin = at_;
    const auto [type, end] = table_.Longest(text_, begin);
    at_ = end;
    if (type == Lexer::COMMENT) continue;
    auto token = type == Lexer::WHITE_SPACE ? nullptr : Make(type, begin, end);
    // No other token goes over lines.
    if (type == Lexer::WHITE_SPACE || type == Lexer::STRING || type == Lexer::UNTERMINATED_STRING) {
      line_ += static_cast<size_t>(std::ranges::count(text_.substr(begin, end - begin), '\n'));
    }
    if (token != nullptr) return token;
  }
  return Make(antlr4::Token::EOF, at_, at_);
}

// Lines are told, columns are not asked for.
auto TokenSource::Make(size_t type, size_t begin, size_t end) -> std::unique_ptr<antlr4::CommonToken> {
  const std::pair<antlr4::TokenSource*, antlr4::CharStream*> source = {nullptr, &bytes_};
  auto token = std::make_unique<antlr4::CommonToken>(source, type, antlr4::Token::DEFAULT_CHANNEL, begin, end - 1);
  token->setLine(line_);
  return token;
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
