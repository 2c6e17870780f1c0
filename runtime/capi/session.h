// A session with what its last decision borrows.
#pragma once

#include <optional>

#include "runtime/capi/decision.h"
#include "runtime/capi/request.h"
#include "runtime/request/request_names.h"

struct remit_session {
  explicit remit_session(std::shared_ptr<remit::capi::EngineState> state) : engine(std::move(state)), session(engine->engine) {}

  std::shared_ptr<remit::capi::EngineState> engine;
  remit::Session session;
  remit_decision decision;
  // What a policy's error is told from, until the session is used again: names and entities of the request's own, or the prepared request.
  remit::RequestNames names;
  std::optional<remit::EntityStore> entities;
  std::shared_ptr<remit::capi::RequestState> request;
  std::string answers;
};
