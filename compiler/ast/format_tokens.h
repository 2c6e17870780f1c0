// The tokens of a file that has been parsed without error, with the comments attached to them.
//
// The formatter works on tokens, not on the tree: the tree forgets the order of clauses, the spelling of literals and where comments stood,
// and a formatter that writes the tokens it read cannot change what they mean.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "compiler/ast/formatter.h"

namespace remit::ast {

struct FormatComment {
  std::string_view text;
  bool blank_before = false;
};

struct FormatToken {
  std::string_view text;  // empty for the end of the file
  std::vector<FormatComment> leading;  // on lines of their own before the token
  std::optional<FormatComment> trailing;  // after the token on its line
  bool blank_before = false;  // an empty line stands between the token and what is before it
};

// At least one token: the last stands for the end of the file and carries the comments there. Commas before a closing bracket are left
// out, and comments around a comma are attached where they will be written, so that formatting again finds them in the same place.
auto TokensWithComments(std::string_view text, const std::vector<CommentText>& comments) -> std::vector<FormatToken>;

}  // namespace remit::ast
