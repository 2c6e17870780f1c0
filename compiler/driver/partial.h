// Partial requests as the command line writes them, and what partial evaluation answers, as text and as JSON.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compiler/driver/compile_job.h"
#include "compiler/partial/partial_evaluator.h"
#include "runtime/base/error.h"

namespace remit {

// All as text; empty: not said. A principal is an entity, or of a type, or of the only type that the action applies to; likewise the resource.
struct PartialInput {
  std::string principal = {}, principal_type = {};
  std::string action = {};
  std::string resource = {}, resource_type = {};
  std::string context = {};  // JSON; not said: unknown
  std::vector<std::string> unknown_context = {};  // attributes of the context that are not known
};

// Validated by the schema. Pointers are those of a request document: `/principal`, `/context/amount`. Values live in `arena`.
auto ReadPartialRequest(const PartialInput& input, const Schema& schema, Interner& interner, Arena& arena, const Limits& limits)
    -> Expected<partial::PartialRequest>;

// Ids, links and types of the policies are as partial evaluation needs them; else null, after reporting. Strict checking is what makes
// folding by types sound.
auto CheckForPartial(CompileJob& job, const Schema& schema, const std::vector<std::string>& ids) -> std::unique_ptr<check::TypedPolicySet>;

// Statements that a partial evaluation leaves aside.
struct NotConsidered {
  std::string id;
  std::string kind;  // "escalate", "budget", ...
};
auto ListNotConsidered(const CompileJob& job, const std::vector<std::string>& ids, const partial::PartialEvaluator& evaluator)
    -> std::vector<NotConsidered>;

// A policy file: the residual policies, under comments that say what the others came to.
auto PartialToText(const partial::PartialAnswer& answer, const std::vector<NotConsidered>& not_considered, CompileJob& job,
                   ast::IdConvention convention) -> std::string;
// {"decision"?, "policies": [{"id", "effect", "state", "residual"? or "text"?, "error"?}], "notConsidered"?: [{"id", "kind"}]}; a residual
// that has no JSON form is given as text.
auto PartialToJson(const partial::PartialAnswer& answer, const std::vector<NotConsidered>& not_considered, const CompileJob& job)
    -> std::string;

}  // namespace remit
