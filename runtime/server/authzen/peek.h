// What a decision would be: nothing is reserved, nobody is asked and nothing is recorded.
//
// For searches, which decide a thousand candidates for one answer, and for obligations that have to be known before something is spent.
#pragma once

#include <vector>

#include "runtime/server/authzen/translate.h"
#include "runtime/server/worker.h"

namespace remit::authzen {

struct Peeked {
  Outcome outcome = Outcome::Deny;
  std::vector<ObligationRecord> obligations = {};
};

// On the worker's snapshot, `request` in the place of the translation's. Errors are the governor's.
auto Peek(server::Worker& worker, const Translation& translation, const Request& request) -> Expected<Peeked>;

// As the worker decides it.
auto ToGoverned(server::Worker& worker, const Translation& translation, const Request& request) -> GovernedRequest;

}  // namespace remit::authzen
