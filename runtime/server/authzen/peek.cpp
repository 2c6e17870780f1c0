#include "runtime/server/authzen/peek.h"

namespace remit::authzen {

auto ToGoverned(server::Worker& worker, const Translation& translation, const Request& request) -> GovernedRequest {
  return {.request = request,
          .interner = worker.names(),
          .entities = translation.entities ? &*translation.entities : nullptr,
          .conforms = translation.conforms,
          .delegation = translation.delegation,
          .session = translation.session,
          .request_id = translation.request_id,
          .approvals = translation.approvals,
          .dry_run = translation.dry_run};
}

auto Peek(server::Worker& worker, const Translation& translation, const Request& request) -> Expected<Peeked> {
  GovernedRequest governed = ToGoverned(worker, translation, request);
  governed.dry_run = true;
  governed.request_id = {};
  const Datetime now{worker.service().now()};
  if (const Governor* governor = worker.service().governor()) {
    auto decided = governor->Decide(worker.session(), governed, now);
    if (!decided) return std::unexpected(std::move(decided.error()));
    return Peeked{.outcome = decided->decision.outcome, .obligations = std::move(decided->decision.obligations)};
  }
  const auto& view = worker.session().Decide(request, worker.names(), governed.entities, governed.conforms,
                                             {.now = now, .delegation = translation.delegation});
  Peeked peeked{.outcome = view.outcome};
  if (const Decision* statements = worker.session().statements()) peeked.obligations = statements->obligations;
  return peeked;
}

}  // namespace remit::authzen
