// The one way policy text is laid out: `remit format`.
//
// Comments are kept, literals are kept as written, the result formats to itself and means the same.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/ast/ast.h"

namespace remit::ast {

struct FormatOptions {
  uint32_t line_width = 80;
  uint32_t indent = 2;
};

struct CommentText {
  Span span;
  bool own_line = false;
};

// What is kept of a comment: all but the white space at its end.
auto CommentBody(std::string_view comment) -> std::string_view;

// `file` parses without error; `comments` are the file's, in order.
auto FormatSource(FileId file, const SourceManager& sources, const std::vector<CommentText>& comments, const FormatOptions& options)
    -> std::string;

}  // namespace remit::ast
