// One expression, from text to value.
#pragma once

#include <optional>
#include <string>

#include "compiler/driver/compile_job.h"
#include "compiler/driver/native.h"
#include "runtime/base/error.h"

namespace remit {

// All as text; empty means absent. `request` excludes the four after it. An absent principal, action or resource is the entity
// `Unspecified::"principal"` and so on, an absent context is `{}`.
struct EvaluateInput {
  std::string expression;
  std::string entities;  // JSON
  std::string schema;
  std::string request;   // JSON
  std::string principal;
  std::string action;
  std::string resource;
  std::string context;   // JSON
  std::optional<Datetime> now = {};  // what `now()` gives; none: it is an error
  std::shared_ptr<NativeCompiler> native = nullptr;  // null: the interpreter evaluates
};

struct EvaluatedExpression {
  std::string text;  // as source text
  std::string json;  // as Cedar's JSON
};

// Mistakes in the inputs are diagnostics in `job.sink`; then the error returned is void of interest. Otherwise the error is the evaluation's.
auto EvaluateText(CompileJob& job, const EvaluateInput& input) -> Expected<EvaluatedExpression>;

}  // namespace remit
