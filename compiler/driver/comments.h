// Comments of a text, as a formatter takes them, and whether another text has the same.
#pragma once

#include <vector>

#include "compiler/ast/formatter.h"
#include "compiler/parse/parse.h"

namespace remit {

auto CommentTexts(const std::vector<Comment>& comments) -> std::vector<ast::CommentText>;

// White space at the end of a comment aside, which formatting drops.
auto SameComments(const SourceManager& sources, const std::vector<Comment>& a, const std::vector<Comment>& b) -> bool;

}  // namespace remit
