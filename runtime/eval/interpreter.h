// The reference engine: runs a decision program one instruction at a time. Every other engine must agree with it.
#pragma once

#include <optional>

#include "runtime/base/limits.h"
#include "runtime/entity/entity_store.h"
#include "runtime/eval/decision.h"
#include "runtime/eval/state.h"
#include "runtime/eval/world.h"
#include "runtime/ir/program.h"
#include "runtime/request/request.h"

namespace remit {

// What one evaluation reads. `interner` is where the request's symbols live (an overlay over the engine's, or the engine's own).
// `arena` receives intermediate values and may be reset once the result has been copied out.
struct EvalInput {
  const EntityStore& entities;
  const Request& request;
  const Interner& interner;
  Arena& arena;
  std::optional<Datetime> now = {};  // what `now()` gives. None: that is an error, since a forgotten time must not look like a real one
  uint64_t max_loop_work = Limits{}.max_loop_work;
  // The request's kind, a position in the program's `environments`, given only by whoever knows that request and entities conform to the schema
  // that the program was compiled with. None: every policy is decided by its row's body, which is right for all requests.
  std::optional<uint32_t> environment = {};
  // What Remit's statements depend on; null: nothing is approved or quarantined, and what depends on a budget or breaker is denied.
  World* world = nullptr;
  StateView state = {};  // of a single body: `Decide` finds it out
  // On whose behalf the request is made, first the origin: of `Decide`. A chain that is not sound (see MembersOf) is denied.
  std::span<const EntityUid> delegation = {};
};

// All determining and all erroring policies, and what Remit's statements add.
auto Decide(const ir::Program& program, const EvalInput& input) -> Decision;

// Runs one body that ends in a value: `remit evaluate`, and tests. The value lives in `input.arena`, the program or the entities. The body of a
// policy gives true where it is satisfied.
auto Evaluate(const ir::Program& program, uint32_t body, const EvalInput& input) -> std::expected<Value, EvalError>;

}  // namespace remit
