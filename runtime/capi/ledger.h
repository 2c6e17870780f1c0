// A ledger as callers hold it: a node of the runtime, and the engine that it asks.
#pragma once

#include <memory>
#include <mutex>

#include "runtime/capi/engine_state.h"
#include "runtime/governor/node.h"

struct remit_ledger {
  std::shared_ptr<remit::capi::EngineState> engine;  // outlives the node
  std::unique_ptr<remit::Node> node;
  std::mutex keys_mutex;  // keys are changed one at a time: read, changed, replaced
};

namespace remit::capi {

// Of what a node refused: whether it is worth asking again.
auto FailOfNode(Error error) -> std::unexpected<Failure>;

// REMIT_NOW is the clock's.
auto TimeOf(int64_t millis) -> Datetime;

}  // namespace remit::capi
