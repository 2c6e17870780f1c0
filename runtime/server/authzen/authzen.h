// The AuthZEN Authorization API 1.0 of the OpenID Foundation, and its drafts for obligations and for access requests.
//
//   POST /access/v1/evaluation, /access/v1/evaluations                 a decision, or many
//   POST /access/v1/search/{subject,resource,action}                   who may, on what, which
//   POST /access/v1/requests, GET /access/v1/requests/{task}           asking people for what was denied (access_requests.h)
//   GET  /.well-known/authzen-configuration, /access/v1/jwks           what there is, and the keys that sign
//
// AuthZEN's boolean is `outcome == execute`; what else an outcome says is in the answer's context (docs/authzen.md). Subjects, resources and properties
// are translated here and nowhere else: behind these routes there are principals and attributes.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/approval/approval_store.h"
#include "runtime/approval/keys.h"
#include "runtime/approval/ticket.h"
#include "runtime/server/authzen/mapping.h"
#include "runtime/server/service.h"

namespace remit::authzen {

struct AuthzenOptions {
  // What this decision point is called by those who ask it: `https://pdp.example.com`, perhaps with a path. Empty: https and whatever host a request
  // names.
  std::string base_url = {};
  Mapping mapping = {};
  size_t max_evaluations = 1'000;  // of one message
  size_t page_size = 1'000;  // results of a search that names no limit
  size_t max_page_size = 10'000;
  size_t max_candidates = 100'000;  // decided for one page, which may then be short
  // The ticket of this id at that time, for access requests; none: there are none.
  std::function<Expected<approval::Ticket>(std::string_view id, int64_t now_ms)> find_ticket = {};
  std::vector<approval::PublicKey> keys = {};  // that sign grants
};

// Once, before the service takes requests. The service outlives its routes.
void AddAuthzenRoutes(server::Service& service, AuthzenOptions options);

}  // namespace remit::authzen
