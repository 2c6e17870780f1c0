#include <fmt/format.h>

#include "runtime/capi/decide_options.h"
#include "runtime/capi/uid.h"
#include "runtime/capi/versioned.h"

namespace remit::capi {

auto ReadOptions(const remit_decide_options* given, Options& options) -> Result {
  if (given == nullptr) return {};
  remit_decide_options read;
  if (auto done = ReadStruct(given, read); !done) return done;
  options.decide.outcome_only = read.outcome_only != 0;
  if (read.has_now != 0) options.decide.now = Datetime{.millis = read.now_millis};
  options.validate = read.skip_validation == 0;
  options.ledger = read.ledger;
  options.session = View(read.session);
  options.request_id = View(read.request_id);
  options.dry_run = read.dry_run != 0;
  if (read.approvals == nullptr && read.approval_count > 0) return FailArgument("`approvals` is missing");
  if (read.delegation == nullptr && read.delegation_count > 0) return FailArgument("`delegation` is missing");
  options.approvals = {read.approvals, read.approval_count};
  options.delegation = {read.delegation, read.delegation_count};
  return {};
}

auto ReadDelegation(const Options& options, Interner& interner) -> ResultOf<std::vector<EntityUid>> {
  std::vector<EntityUid> members;
  for (size_t i = 0; i < options.delegation.size(); ++i) {
    auto uid = ReadUid(options.delegation[i], interner, fmt::format("/delegation/{}", i), TypeCheck::Now);
    if (!uid) return Forward(uid.error());
    members.push_back(*uid);
  }
  return members;
}

auto DecideWithLedger(remit_session& session, const Request& request, bool conforms, std::span<const EntityUid> delegation,
                      const RequestDocument* document, const Options& options) -> Result {
  if (options.ledger->engine != session.engine) return FailArgument("the ledger is of another engine than the session");
  std::vector<std::string> approvals;
  if (document != nullptr) approvals = document->approvals;
  for (const remit_string grant : options.approvals) approvals.emplace_back(View(grant));
  const auto pick = [&](std::string_view given, std::string_view own) { return given.empty() ? own : given; };
  const GovernedRequest governed = {
      .request = request,
      .interner = *session.names,
      .entities = session.entities ? &*session.entities : nullptr,
      .conforms = conforms,
      .delegation = delegation,
      .session = pick(options.session, document != nullptr ? std::string_view(document->session) : ""),
      .request_id = pick(options.request_id, document != nullptr ? std::string_view(document->request_id) : ""),
      .approvals = approvals,
      .dry_run = options.dry_run || (document != nullptr && document->dry_run)};
  for (const auto text : {governed.session, governed.request_id}) {
    if (auto checked = CheckText(ToC(text)); !checked) return Fail(std::move(checked.error()));
  }
  const Datetime now = options.decide.now.value_or(TimeOf(REMIT_NOW));
  auto decided = options.ledger->node->Decide(session.session, governed, now, session.decision.answer);
  if (!decided) return FailOfNode(std::move(decided.error()));
  ShowGoverned(session.decision, *session.engine, session.session);
  return {};
}

}  // namespace remit::capi
