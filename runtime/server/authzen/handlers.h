// The handlers of the routes, one file each.
#pragma once

#include <memory>

#include "runtime/request/json_cursor.h"
#include "runtime/server/authzen/state.h"
#include "runtime/server/http.h"

namespace remit::authzen {

using SharedState = std::shared_ptr<State>;

// The body as a document; none: the response says why (400).
auto ReadBody(const State& state, const server::Request& request, server::Response& response) -> std::optional<json::Document>;

void HandleEvaluation(const State& state, server::Worker& worker, const server::Request& request, server::Response& response);
void HandleEvaluations(const State& state, server::Worker& worker, const server::Request& request, server::Response& response);

enum class SearchFor : uint8_t { Subjects, Resources, Actions };
void HandleSearch(const State& state, SearchFor wanted, server::Worker& worker, const server::Request& request, server::Response& response);

void HandleMetadata(const State& state, const server::Request& request, server::Response& response);

}  // namespace remit::authzen
