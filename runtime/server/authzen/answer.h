// Decisions as AuthZEN writes them: `{"decision": .., "context": {..}}`.
//
// The boolean is `outcome == execute`, so that whoever knows nothing else fails closed; the context has the rest. Written as text: an answer costs about
// as much as the decision.
#pragma once

#include <string>

#include "runtime/server/worker.h"

namespace remit::authzen {

class State;
struct Question;
struct Translation;

// `asked`: for what can be asked of people (access_requests.h).
void AppendDecision(std::string& out, const State& state, server::Worker& worker, const server::Decided& decided, const Question& asked,
                    const Translation& translation);

// A question that could not be decided is denied, with the reason.
void AppendError(std::string& out, int status, const Error& error);

}  // namespace remit::authzen
