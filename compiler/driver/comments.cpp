#include "compiler/driver/comments.h"

#include <algorithm>

namespace remit {

auto CommentTexts(const std::vector<Comment>& comments) -> std::vector<ast::CommentText> {
  std::vector<ast::CommentText> texts;
  for (const auto& comment : comments) texts.push_back({.span = comment.span, .own_line = comment.own_line});
  return texts;
}

auto SameComments(const SourceManager& sources, const std::vector<Comment>& a, const std::vector<Comment>& b) -> bool {
  return std::ranges::equal(a, b, [&](const Comment& x, const Comment& y) {
    return ast::CommentBody(sources.text(x.span)) == ast::CommentBody(sources.text(y.span));
  });
}

}  // namespace remit
