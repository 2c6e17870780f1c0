// Requests made ahead, and how fields become a request.
#pragma once

#include <memory>

#include "runtime/capi/engine_state.h"
#include "runtime/engine/prepared_request.h"
#include "runtime/request/json.h"
#include "runtime/request/request_names.h"

namespace remit::capi {

struct RequestState {
  std::shared_ptr<EngineState> engine;
  PreparedRequest prepared;
};

// The request's symbols are of `interner`, its values live in `arena`. `schema` may be null; with `validate` the request must be one that it
// provides for. `usual`: what `interner` is the overlay of, or null.
auto ReadFields(const remit_request_fields* fields, Interner& interner, Arena& arena, const JsonOptions& options,
                RequestNames* usual = nullptr) -> ResultOf<Request>;

}  // namespace remit::capi

// Shared with the session that may still have to say why policies failed.
struct remit_request {
  std::shared_ptr<remit::capi::RequestState> state;
};
