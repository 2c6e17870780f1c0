// The one way schema text is laid out: `remit schema format`. As for policies it works on tokens, so nothing can change its meaning.
#pragma once

#include "compiler/ast/formatter.h"

namespace remit {

// `text` has been parsed without error; `comments` are its comments, in order.
auto FormatSchemaText(std::string_view text, const std::vector<ast::CommentText>& comments, const ast::FormatOptions& options)
    -> std::string;

}  // namespace remit
