#include "runtime/server/authzen/peek.h"

namespace remit::authzen {

auto ToGoverned(server::Worker& worker, const Translation& translation, const Request& request) -> GovernedRequest {
  return {.request = request,
          .interner = worker.names(),
          .entities = translation.entities(),
          .conforms = translation.conforms,
          .delegation = translation.delegation,
          .session = translation.session,
          .request_id = translation.request_id,
          .approvals = translation.approvals,
          .dry_run = translation.dry_run};
}

auto Peek(server::Worker& worker, const Translation& translation, const Request& request) -> Expected<Peeked> {
  auto decided = worker.Peek(ToGoverned(worker, translation, request));
  if (!decided) return std::unexpected(std::move(decided.error()));
  return Peeked{.outcome = decided->decision.outcome, .obligations = std::move(decided->decision.obligations)};
}

}  // namespace remit::authzen
