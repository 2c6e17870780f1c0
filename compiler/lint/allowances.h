// Comments that allow findings: `// remit: allow(code, code) reason`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compiler/lint/context.h"

namespace remit::lint {

// One code of one comment.
struct Allowance {
  std::string code;
  std::string reason;
  Span comment;
  Span covers;           // findings that begin here
  bool is_alone = true;  // the comment allows nothing else, so it can go as a whole
  bool is_file = false;  // `allow-file`
  bool is_used = false;
};

// Of a comment on a line of its own: the statement below it; behind something: what begins on its line; `allow-file`: the file.
auto CollectAllowances(const LintContext& context, const std::vector<FileId>& files) -> std::vector<Allowance>;

// Takes out what is allowed and returns how many those were; adds what is wrong with the comments themselves.
//
// `same_file`: whether two are parts of one file, for whoever reads files in parts; none: no file is part of another.
auto ApplyAllowances(std::vector<Allowance>& allowances, LintContext& context, std::vector<Finding>& findings,
                     const std::function<bool(FileId, FileId)>& same_file = {}) -> uint32_t;

}  // namespace remit::lint
