// From a request to a response: route, right, handler; and the answers when there is none.
//
// The transport calls Route first, which says on what kind of thread the rest has to run, and then Handle there.
#pragma once

#include "runtime/server/service.h"
#include "runtime/server/worker.h"

namespace remit::server {

// Fills in the captures of `request`, which borrow from `match`. None: the response is complete (404, 405, 401, 403, 415, ...).
auto FindRoute(Service& service, Request& request, RouteMatch& match, Response& response) -> const Route*;

// Runs the handler. What every response has besides its own headers is added: X-Request-ID.
void Handle(const Route& route, Worker& worker, const Request& request, Response& response);

// `/healthz`, `/readyz`.
void AddHealthRoutes(Service& service);

}  // namespace remit::server
