// The smallest change of a request that turns its outcome around: from executed to not, or back.
//
// Candidates come from the policies: bounds that attributes are compared with, booleans, groups that are asked for. They are tried by deciding, one
// at a time, then two: what is found is true, what is not found may exist. A solver was the alternative; it needs a schema and knows no ledger.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "compiler/driver/compile_job.h"

namespace remit::explain {

struct Change {
  std::string what;  // `context.amount`
  std::string before;  // as JSON; empty: it was not there
  std::string after;  // empty: it is not there
};

struct Flip {
  std::vector<Change> changes;
  std::string outcome;
};

struct Flips {
  std::vector<Flip> found;  // of the least number of changes, at most `kMostFlips`
  size_t tried = 0;  // decisions
  size_t candidates = 0;  // single changes that the policies suggest
  bool is_exhausted = true;  // all of them and all of their pairs were tried
};

constexpr size_t kMostFlips = 5;
constexpr size_t kMostDecisions = 2000;

struct FlipInput {
  const CompileJob& job;
  std::string_view request;  // JSON
  std::string_view entities;  // JSON; empty: none
  std::vector<std::string> statements;  // ids of those whose conditions suggest changes
  // The outcome's name. An error: the request is not one that the schema provides for.
  std::function<Expected<std::string>(const std::string& request)> decide;
};

// Nothing is found where the request itself cannot be decided.
auto FindFlips(const FlipInput& input) -> Flips;

}  // namespace remit::explain
