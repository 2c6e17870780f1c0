// Decision cases with known answers: Cedar's integration tests, and our own self-contained lines.
//
// A Cedar case is a JSON file that names its policies, entities and schema by path, relative to some folder above it. A line of a `.jsonl`
// file carries everything itself:
//
//   {"name", "policySet": {"staticPolicies", "templates"?, "templateLinks"?}, "entities": [..] or text, "schema"?: text or JSON,
//    "requests": [{"principal", "action", "resource", "context" or "contextText", "decision", "reason", "errors", "validateRequest"?: true}],
//    "reject"?: "schema" | "policies" | "entities" | "context" | "request", "validation"?: see expected_validation.h,
//    "sound"?: true}
//
// `sound`: an answer also fails where a policy that passes strict checking has an error that it should have ruled out (soundness.h).
// With a schema, entities and requests must conform to it; a request with `validateRequest: false` is only read by it.
// `reject` says which input must be refused. Ids are Cedar's, positional. `reason` and `errors` compare as sets.
// `policySet` and `entities` may also be strings that hold the JSON text, and `contextText` is that of a context: for documents that
// a general JSON reader would change before ours sees them (repeated keys, `-0`).
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "compiler/driver/native.h"
#include "runtime/base/error.h"
#include "runtime/base/limits.h"

namespace remit {

struct CaseFailure {
  std::string name;  // of the case, with the request's description or position
  std::string detail;  // what was expected and what came
};

// {"name", "detail"}
auto FailureJson(const CaseFailure& failure) -> std::string;

struct CaseSummary {
  uint64_t cases = 0;
  uint64_t passed = 0;  // requests, and refusals that were expected
  uint64_t failed = 0;
};

// What decides, at least one. With both a request passes if both answer as expected. A request that native code decides fails also if any of
// its policies was left to the interpreter.
struct CaseEngines {
  bool interpreter = true;
  std::shared_ptr<NativeCompiler> native = nullptr;
};

// Runs every case below `path`: a case file, a folder of them, or a `.jsonl` file. A case that cannot be loaded fails with all its
// requests. An error means that `path` itself could not be read or has no case.
auto RunTestCases(const std::string& path, const Limits& limits, const CaseEngines& engines, CaseSummary& summary,
                  const std::function<void(const CaseFailure&)>& on_failure) -> Expected<void>;

}  // namespace remit
