// How the answer to a query is shown.
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/partial.h"
#include "compiler/partial/query.h"

namespace remit::cli {

struct QueryAnswer {
  std::vector<partial::Found> found;
  std::vector<EntityUid> excluded = {};  // actions that the context does not fit
  bool has_more = false;
};

// {"found": [{"entity", "answer"}], "next"?, "excluded"?, "notConsidered"?}
auto QueryAnswerJson(const QueryAnswer& answer, const std::vector<NotConsidered>& aside, const CompileJob& job) -> std::string;

// One a line on standard output; what there is to know beside on standard error.
void PrintQueryAnswer(const QueryAnswer& answer, const std::vector<NotConsidered>& aside, const CompileJob& job);

}  // namespace remit::cli
