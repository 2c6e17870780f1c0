// Requests as JSON to decisions as plain data, against one compiled policy set: what the command line and the tests share.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/engine/session.h"
#include "runtime/ir/environment_index.h"
#include "runtime/request/json.h"

namespace remit {

// What a decision reads, apart from the request. All of it outlives the decider and does not change.
struct PolicyEnvironment {
  const ir::Program& program;
  const EntityStore& entities;
  Interner& interner;
  const Schema* schema = nullptr;  // for reading and validating requests; may be null. The entities were read by it
  // Null: the reference interpreter decides. Else the engine does, by native code alone, which is made before the first decision.
  std::shared_ptr<NativeCompiler> native = nullptr;
  // Not null: they have native code for all of the program, a bundle's, and it decides.
  std::shared_ptr<Policies> compiled = nullptr;
  // Requests that have been validated are decided by the program's environments, if it has some.
  bool use_environments = true;
};

struct RequestAnswer {
  std::string request_id;  // the document's "id", may be empty
  std::string principal, action, resource;
  Decision decision;
  uint64_t interpreted = 0;  // bodies for which the native engine had no code
};

class RequestDecider {
 public:
  RequestDecider(const PolicyEnvironment& environment, const Limits& limits);

  // Symbols and values of the request live for this call only. `now` is what `now()` gives: it comes from whoever decides and is no member of
  // requests, so that nobody asks at a time of their choice. None: `now()` is an error. With a schema, a request it does not provide for is an
  // error and never a decision; without `validate` it is only read by the schema. `world`: what Remit's statements depend on, or null.
  auto Decide(std::string_view json, std::optional<Datetime> now = {}, bool validate = true, World* world = nullptr)
      -> Expected<RequestAnswer>;

  auto engine_name() const -> std::string_view { return engine_ != nullptr ? "native" : "interpreter"; }
  auto policy_id(uint32_t policy) const -> std::string_view { return environment_.interner.text(environment_.program.policies[policy].id); }

 private:
  auto UsesTypes(bool is_valid) const -> bool;
  auto FindEnvironment(const Request& request, bool is_valid) const -> std::optional<uint32_t>;
  auto DecideNative(const RequestDocument& document, const Interner& symbols, const DecideOptions& options, bool is_valid) -> Decision;
  auto Interpret(const RequestDocument& document, const Interner& symbols, const DecideOptions& options, bool is_valid) -> Decision;

  PolicyEnvironment environment_;
  Limits limits_;
  ir::EnvironmentIndex index_;
  Arena arena_;
  std::unique_ptr<Engine> engine_;  // null: the interpreter decides
  std::optional<Session> session_;
};

}  // namespace remit
