// Requests as JSON to decisions as plain data, against one compiled policy set: what the command line and the tests share.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/limits.h"
#include "runtime/entity/entity_store.h"
#include "runtime/entity/schema.h"
#include "runtime/eval/decision.h"
#include "runtime/ir/program.h"

namespace remit {

// What a decision reads, apart from the request. All of it outlives the decider and does not change.
struct PolicyEnvironment {
  const ir::Program& program;
  const EntityStore& entities;
  const Interner& interner;
  const Schema* schema = nullptr;  // for reading and validating requests; may be null
};

struct RequestAnswer {
  std::string request_id;  // the document's "id", may be empty
  std::string principal, action, resource;
  Decision decision;
};

class RequestDecider {
 public:
  RequestDecider(const PolicyEnvironment& environment, const Limits& limits) : environment_(environment), limits_(limits) {}

  // Symbols and values of the request live for this call only. `now` is what `now()` gives: it comes from whoever decides and is no member of
  // requests, so that nobody asks at a time of their choice. None: `now()` is an error. With a schema, a request it does not provide for is an
  // error and never a decision; without `validate` it is only read by the schema.
  auto Decide(std::string_view json, std::optional<Datetime> now = {}, bool validate = true) -> Expected<RequestAnswer>;

  auto policy_id(uint32_t policy) const -> std::string_view { return environment_.interner.text(environment_.program.policies[policy].id); }

 private:
  PolicyEnvironment environment_;
  Limits limits_;
  Arena arena_;
};

}  // namespace remit
