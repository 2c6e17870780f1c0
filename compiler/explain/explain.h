// Why a request came out as it did: statements, their conditions, and the values in them.
//
// What matches and what holds is the session's word (runtime/engine/explanation.h), as in the C API and the server; here the parts of conditions are
// given their values, by lowering and evaluating each of them alone.
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/compile_job.h"
#include "runtime/engine/explanation.h"
#include "runtime/request/json.h"

namespace remit::explain {

// Part of a condition: an operand of `&&`, `||`, `!` or `if`, then of a comparison.
struct ValueNode {
  std::string text;  // as written
  std::string value;  // as source text; empty if it failed
  std::string error;
  std::vector<ValueNode> parts;
};

struct ConditionNode {
  bool is_when = true;
  bool holds = false;
  Span span;
  std::string error;
  ValueNode value;
};

struct StatementNode {
  std::string id;
  std::string keyword;
  bool satisfied = false;
  eval::ScopeMatch scope;
  Span span;
  std::string scope_text;
  std::vector<ConditionNode> conditions;
};

struct Explained {
  std::vector<StatementNode> statements;  // whose scopes match, then those that all but match
  bool is_complete = true;  // none was left out
};

// What is asked, and what decides; all of it outlives the call. The tree of `job` is evaluated in parts.
struct ExplainInput {
  CompileJob& job;
  const ir::Program& program;
  const EntityStore& entities;
  const Schema* schema = nullptr;
  std::optional<Datetime> now = {};
};

// `request` as JSON. Fails where it cannot be read.
auto Explain(const ExplainInput& input, std::string_view request) -> Expected<Explained>;

}  // namespace remit::explain
