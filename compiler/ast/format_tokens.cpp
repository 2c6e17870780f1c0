#include "compiler/ast/format_tokens.h"

#include <algorithm>
#include <array>

namespace remit::ast {
namespace {

auto IsNameByte(char c) -> bool { return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// Anything that is neither white space nor part of a longer white space character.
auto StartsToken(char c) -> bool { return c > ' ' && c < 0x7F; }

auto EndOfString(std::string_view text, size_t begin) -> size_t {
  size_t i = begin + 1;
  while (i < text.size() && text[i] != '"') i += text[i] == '\\' ? 2 : 1;
  return std::min(i + 1, text.size());
}

auto IsDigit(char c) -> bool { return c >= '0' && c <= '9'; }

auto EndOfToken(std::string_view text, size_t begin) -> size_t {
  static constexpr std::array<std::string_view, 7> kPairs = {"::", "&&", "||", "==", "!=", "<=", ">="};
  const char first = text[begin];
  if (first == '"') return EndOfString(text, begin);
  if (std::ranges::find(kPairs, text.substr(begin, 2)) != kPairs.end()) return begin + 2;
  size_t end = begin + 1;
  if (IsDigit(first)) {  // a name may follow at once: `1else` is two tokens
    while (end < text.size() && IsDigit(text[end])) ++end;
  } else if (IsNameByte(first) || first == '?') {
    while (end < text.size() && IsNameByte(text[end])) ++end;
  }
  return end;
}

class TokenReader {
 public:
  TokenReader(std::string_view text, const std::vector<CommentText>& comments) : text_(text), comments_(comments) {}

  auto Read() -> std::vector<FormatToken> {
    size_t at = 0;
    while (at < text_.size()) {
      if (next_comment_ < comments_.size() && comments_[next_comment_].span.begin <= at) {
        at = std::max<size_t>(TakeComment(comments_[next_comment_++]), at + 1);
      } else if (StartsToken(text_[at])) {
        at = TakeToken(at);
      } else {
        lines_ += text_[at++] == '\n' ? 1 : 0;
      }
    }
    Push({});
    return std::move(tokens_);
  }

 private:
  auto TakeComment(const CommentText& comment) -> size_t {
    const auto text = CommentBody(text_.substr(comment.span.begin, comment.span.end - comment.span.begin));
    const FormatComment piece = {.text = text, .blank_before = lines_ > 1};
    const bool trails = !comment.own_line && !tokens_.empty() && !tokens_.back().trailing && leading_.empty();
    if (trails) {
      tokens_.back().trailing = piece;
    } else {
      leading_.push_back(piece);
    }
    lines_ = 0;
    return comment.span.end;
  }

  auto TakeToken(size_t begin) -> size_t {
    const size_t end = EndOfToken(text_, begin);
    Push(text_.substr(begin, end - begin));
    return end;
  }

  void Push(std::string_view text) {
    tokens_.push_back({.text = text, .leading = std::move(leading_), .trailing = {}, .blank_before = lines_ > 1});
    leading_.clear();
    lines_ = 0;
  }

  std::string_view text_;
  const std::vector<CommentText>& comments_;
  size_t next_comment_ = 0;
  uint32_t lines_ = 0;  // line breaks since the last token or comment
  std::vector<FormatComment> leading_;
  std::vector<FormatToken> tokens_;
};

auto IsCloser(std::string_view text) -> bool { return text == ")" || text == "]" || text == "}"; }

// The comments of a token that goes away or gives them up, in order.
auto TakeAll(FormatToken& token) -> std::vector<FormatComment> {
  std::vector<FormatComment> all = std::move(token.leading);
  token.leading.clear();
  if (token.trailing) all.push_back(*token.trailing);
  token.trailing.reset();
  return all;
}

void Prepend(std::vector<FormatComment>& to, const std::vector<FormatComment>& comments) {
  to.insert(to.begin(), comments.begin(), comments.end());
}

auto WithoutTrailingCommas(std::vector<FormatToken> tokens) -> std::vector<FormatToken> {
  std::vector<FormatToken> kept;
  kept.reserve(tokens.size());
  for (size_t i = 0; i < tokens.size(); ++i) {
    const bool dropped = tokens[i].text == "," && i + 1 < tokens.size() && IsCloser(tokens[i + 1].text) && !kept.empty();
    if (!dropped) {
      kept.push_back(std::move(tokens[i]));
      continue;
    }
    if (tokens[i].leading.empty() && !kept.back().trailing) {
      kept.back().trailing = tokens[i].trailing;
    } else {
      Prepend(tokens[i + 1].leading, TakeAll(tokens[i]));
    }
  }
  return kept;
}

// `a // why⏎ , b` reads `a, // why⏎ b`: a comma and a semicolon stay with what they follow.
void MoveCommentsOverSeparators(std::vector<FormatToken>& tokens) {
  for (size_t i = 1; i + 1 < tokens.size(); ++i) {
    FormatToken& before = tokens[i - 1];
    FormatToken& token = tokens[i];
    if (token.text == ";" && before.trailing && token.leading.empty() && !token.trailing) {
      token.trailing = before.trailing;
      before.trailing.reset();
    }
    if (token.text != "," || (!before.trailing && token.leading.empty())) continue;
    auto comments = TakeAll(token);
    if (before.trailing) {
      token.trailing = before.trailing;
      before.trailing.reset();
    }
    Prepend(tokens[i + 1].leading, comments);
  }
}

}  // namespace

auto TokensWithComments(std::string_view text, const std::vector<CommentText>& comments) -> std::vector<FormatToken> {
  auto tokens = WithoutTrailingCommas(TokenReader{text, comments}.Read());
  MoveCommentsOverSeparators(tokens);
  return tokens;
}

}  // namespace remit::ast
