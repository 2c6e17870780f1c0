#include "compiler/parse/token_buffer.h"

#include <algorithm>

namespace remit::parse {

void TokenBuffer::Clear() {
  constexpr size_t kKeep = 4096;
  tokens_.clear();
  if (tokens_.capacity() > kKeep) tokens_.shrink_to_fit();
  next_ = 0;
}

void TokenBuffer::Append(std::unique_ptr<antlr4::Token> token) {
  // INVARIANT: the lexer and the splitter make CommonTokens.
  static_cast<antlr4::CommonToken*>(token.get())->setTokenIndex(tokens_.size());
  tokens_.push_back(std::move(token));
}

auto TokenBuffer::LT(ssize_t distance) -> antlr4::Token* {
  if (distance == 1 && next_ < tokens_.size()) return tokens_[next_].get();  // what is asked nearly always
  if (tokens_.empty() || distance == 0) return nullptr;
  const auto index = static_cast<ssize_t>(next_) + distance - (distance > 0 ? 1 : 0);
  if (index < 0) return nullptr;
  return tokens_[std::min(static_cast<size_t>(index), tokens_.size() - 1)].get();
}

auto TokenBuffer::LA(ssize_t distance) -> size_t {
  const auto* token = LT(distance);
  return token == nullptr ? antlr4::Token::INVALID_TYPE : token->getType();
}

auto TokenBuffer::getText(const antlr4::misc::Interval& interval) -> std::string {
  std::string text;
  for (auto i = std::max<ssize_t>(interval.a, 0); i <= interval.b && i < static_cast<ssize_t>(tokens_.size()); ++i) {
    text += tokens_[static_cast<size_t>(i)]->getText();
  }
  return text;
}

auto TokenBuffer::getText() -> std::string { return getText(antlr4::misc::Interval(ssize_t{0}, static_cast<ssize_t>(tokens_.size()) - 1)); }

auto TokenBuffer::getText(antlr4::RuleContext* context) -> std::string { return getText(context->getSourceInterval()); }

auto TokenBuffer::getText(antlr4::Token* start, antlr4::Token* stop) -> std::string {
  if (start == nullptr || stop == nullptr) return "";
  return getText(antlr4::misc::Interval(static_cast<ssize_t>(start->getTokenIndex()), static_cast<ssize_t>(stop->getTokenIndex())));
}

}  // namespace remit::parse
