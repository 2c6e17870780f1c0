// What a rule found, as plain data: reports, the editor and `--fix` are made of this and nothing else.
#pragma once

#include <string>
#include <vector>

#include "compiler/lint/rules.h"
#include "compiler/source/edit.h"
#include "compiler/source/source_file.h"

namespace remit::lint {

struct Finding {
  Rule rule;
  Level level;  // as the project has it; never Off
  Span span;    // no place for policies that came from JSON
  std::string message;
  std::string help;           // may be empty
  std::string statement;      // id of the statement it is about; may be empty
  std::vector<Edit> fix;      // all of them together mend it; empty: a person must
};

}  // namespace remit::lint
