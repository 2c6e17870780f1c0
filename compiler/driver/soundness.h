// The promise of the checker: a policy that passes strict checking does not fail when it is evaluated, on requests and entities that conform to the
// schema, but by overflow, an entity that does not exist, or an extension function that refuses its argument.
//
// Held against generated cases by `run-tests` (a case with `"sound": true`): a checker that accepts too much shows here even where no one knows what
// the right verdict would have been.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "compiler/driver/compile_job.h"
#include "compiler/driver/decide.h"

namespace remit {

// Ids of the policies and links, with their templates, that strict checking finds no error in.
auto CheckedPolicies(const CompileJob& job, const std::vector<std::string>& ids, const Schema& schema) -> std::set<std::string>;

// One line for each error of a checked policy that checking should have ruled out; empty if there is none.
auto UnsoundErrors(const RequestDecider& decider, const Decision& decision, const std::set<std::string>& checked) -> std::string;

}  // namespace remit
