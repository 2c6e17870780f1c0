#include "runtime/governor/policy_approvers.h"

#include "runtime/approval/eligibility.h"
#include "runtime/eval/interpreter.h"
#include "runtime/eval/scope.h"
#include "runtime/request/json.h"

namespace remit {
namespace {

// As in Cedar: some permit, no forbid, and what fails is passed over.
auto IsPermitted(const ir::Program& program, const EvalInput& input) -> bool {
  bool is_permitted = false;
  for (const auto& row : program.policies) {
    if (row.effect != ir::Effect::Permit && row.effect != ir::Effect::Forbid) continue;
    if (!eval::MatchesScope(row, input.request, input.entities)) continue;
    const auto holds = Evaluate(program, row.body, input);
    if (!holds || !holds->is(Kind::Bool) || !holds->as_bool()) continue;
    if (row.effect == ir::Effect::Forbid) return false;
    is_permitted = true;
  }
  return is_permitted;
}

}  // namespace

auto PolicyApprovers::May(const approval::UidText& person, const approval::Escalation& escalation) const -> Expected<bool> {
  if (quarantine_.version() != 0 && quarantine_.Contains(person.type, person.id)) return false;
  // INVARIANT: pinned before the overlay is made, so that every symbol of the snapshot is one of the overlay's parent.
  SnapshotCell::Reader reader(engine_.snapshots());
  const Snapshot& snapshot = reader.Pin();
  Interner symbols(&engine_.interner());
  if (!approval::IsInBy(person, escalation, *snapshot.entities, symbols)) return false;
  const auto& limits = engine_.options().limits;
  const auto entities = ReadEntities("[" + EscalationToJson(escalation) + "]", symbols, {.limits = limits}, snapshot.entities.get());
  if (!entities) return std::unexpected(entities.error());
  const auto uid = [&](std::string_view type, std::string_view id) { return EntityUid{symbols.Intern(type), symbols.Intern(id)}; };
  const Request request = {.principal = uid(person.type, person.id),
                           .action = uid("Remit::Action", "approve"),
                           .resource = uid("Remit::Escalation", escalation.id),
                           .context = {}};
  Arena arena;
  return IsPermitted(snapshot.policies->program(), {.entities = *entities,
                                                    .request = request,
                                                    .interner = symbols,
                                                    .arena = arena,
                                                    .now = Datetime{.millis = escalation.asked_ms},
                                                    .max_loop_work = limits.max_loop_work});
}

}  // namespace remit
