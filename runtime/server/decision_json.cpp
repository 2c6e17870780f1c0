#include "runtime/server/decision_json.h"

#include "runtime/server/json_text.h"

namespace remit::server {
namespace {

template <typename Items, typename Append>
void AppendList(std::string& out, std::string_view name, const Items& items, Append append) {
  AppendName(out, name);
  out += '[';
  for (const auto& item : items) {
    AppendComma(out);
    append(item);
  }
  out += ']';
}

void AppendStatement(std::string& out, const ir::Program& program, const Interner& names, uint32_t policy) {
  AppendMember(out, "id", names.text(program.policies[policy].id));
  AppendMember(out, "effect", ir::EffectName(program.policies[policy].effect));
}

void AppendReservation(std::string& out, const Decided& decided) {
  const GovernedDecision& governed = *decided.governed;
  AppendName(out, "reservation");
  out += '{';
  AppendMember(out, "id", governed.reservation);
  AppendNumber(out, "expires_at", governed.expires_at);
  AppendList(out, "charges", governed.decision.budgets, [&](const BudgetClaim& claim) {
    out += '{';
    AppendMember(out, "budget", decided.names->text(decided.program->budgets[claim.budget].name));
    AppendMember(out, "key", claim.key);
    AppendNumber(out, "charge", claim.charge);
    AppendNumber(out, "limit", claim.limit);
    AppendNumber(out, "used", claim.used);
    out += '}';
  });
  out += '}';
}

void AppendEscalations(std::string& out, const Decided& decided) {
  const GovernedDecision& governed = *decided.governed;
  AppendList(out, "escalations", governed.tickets, [&](const OpenedTicket& ticket) {
    out += '{';
    AppendMember(out, "id", ticket.id);
    AppendMember(out, "statement", decided.policy_id(ticket.policy));
    for (const WantedApproval& wanted : governed.decision.approvals) {
      if (wanted.policy != ticket.policy) continue;
      AppendList(out, "by", wanted.by, [&](const auto& by) {
        out += '{';
        AppendMember(out, "type", by.type);
        AppendMember(out, "id", by.id);
        out += '}';
      });
      AppendNumber(out, "quorum", wanted.terms.quorum);
      break;
    }
    AppendMember(out, "digest", ticket.digest);
    AppendNumber(out, "expires_at", ticket.expires_at);
    out += '}';
  });
  if (governed.ticket_errors.empty()) return;
  AppendList(out, "escalation_errors", governed.ticket_errors, [&](const Error& error) {
    out += '{';
    AppendMember(out, "code", error.code);
    AppendMember(out, "message", error.message);
    out += '}';
  });
}

void AppendGoverned(std::string& out, const Decided& decided) {
  const GovernedDecision& governed = *decided.governed;
  if (!governed.decision.obligations.empty()) {
    AppendList(out, "obligations", governed.decision.obligations, [&](const ObligationRecord& obligation) {
      out += '{';
      AppendMember(out, "id", decided.policy_id(obligation.policy));
      AppendName(out, "obligation");
      out += obligation.record;
      out += '}';
    });
  }
  if (!governed.reservation.empty()) AppendReservation(out, decided);
  if (!governed.tickets.empty() || !governed.ticket_errors.empty()) AppendEscalations(out, decided);
  if (!governed.decision.quarantined.empty()) AppendMember(out, "quarantined", governed.decision.quarantined);
  if (governed.is_repeated) AppendMember(out, "repeated", true);
}

// ---- why -----------------------------------------------------------------------------------------------------------------------

class Explainer {
 public:
  Explainer(std::string& out, Worker& worker) : out_(out), worker_(worker), sources_(worker.facts().sources) {}

  void Add(const PolicyExplanation& policy) {
    out_ += '{';
    AppendStatement(out_, worker_.session().program(), worker_.names(), policy.policy);
    AppendMember(out_, "satisfied", policy.is_satisfied());
    AppendName(out_, "scope");
    out_ += '{';
    AppendMember(out_, "principal", policy.scope.principal);
    AppendMember(out_, "action", policy.scope.action);
    AppendMember(out_, "resource", policy.scope.resource);
    out_ += '}';
    AppendList(out_, "conditions", policy.conditions, [&](const ConditionAnswer& condition) { AddCondition(condition); });
    out_ += '}';
  }

 private:
  void AddCondition(const ConditionAnswer& condition) {
    out_ += '{';
    AppendMember(out_, "kind", condition.is_when ? "when" : "unless");
    AppendMember(out_, "holds", condition.holds);
    if (condition.error) {
      AppendName(out_, "error");
      out_ += '{';
      AppendMember(out_, "code", condition.error->code);
      AppendMember(out_, "message", condition.error->message);
      out_ += '}';
    }
    AddPlace({.file = {condition.place.file}, .begin = condition.place.begin, .end = condition.place.end});
    out_ += '}';
  }

  void AddPlace(Span span) {
    const bool is_there = span.file.value < sources_.size() && span.begin <= span.end && span.end <= sources_.file(span.file).text().size();
    if (!is_there) return;
    const SourceFile& file = sources_.file(span.file);
    const LineColumn begin = file.locate(span.begin);
    AppendName(out_, "place");
    out_ += '{';
    AppendMember(out_, "file", file.name());
    AppendNumber(out_, "line", begin.line);
    AppendNumber(out_, "column", begin.column);
    AppendMember(out_, "text", sources_.text(span));
    out_ += '}';
  }

  std::string& out_;
  Worker& worker_;
  const SourceManager& sources_;
};

void AppendOutcome(std::string& out, Outcome outcome) {
  AppendMember(out, "outcome", OutcomeName(outcome));
  AppendMember(out, "decision", outcome == Outcome::Execute ? "allow" : "deny");
}

template <typename Determining, typename Errors>
void AppendReasons(std::string& out, const ir::Program& program, const Interner& names, const Determining& determining,
                   const Errors& errors) {
  AppendList(out, "determining", determining, [&](uint32_t policy) {
    out += '{';
    AppendStatement(out, program, names, policy);
    out += '}';
  });
  AppendList(out, "errors", errors, [&](const EvalError& error) {
    out += '{';
    AppendMember(out, "id", names.text(program.policies[error.policy].id));
    AppendMember(out, "code", error.code);
    AppendMember(out, "message", error.message);
    out += '}';
  });
}

}  // namespace

void AppendDecision(std::string& out, const Decided& decided) {
  out += '{';
  AppendMember(out, "decision_id", decided.decision_id);
  AppendOutcome(out, decided.outcome);
  AppendReasons(out, *decided.program, *decided.names, decided.determining, decided.errors);
  if (!decided.version.empty()) AppendMember(out, "policy_version", decided.version);
  if (decided.governed != nullptr) AppendGoverned(out, decided);
  out += '}';
}

void AppendExplanation(std::string& out, Worker& worker, const GovernedDecision& governed) {
  out += '{';
  AppendOutcome(out, governed.decision.outcome);
  AppendReasons(out, worker.session().program(), worker.names(), governed.decision.determining, governed.decision.errors);
  if (!worker.facts().version.empty()) AppendMember(out, "policy_version", worker.facts().version);
  if (!governed.decision.quarantined.empty()) AppendMember(out, "quarantined", governed.decision.quarantined);
  const Explanation explanation = worker.session().Explain();
  Explainer explainer(out, worker);
  AppendList(out, "policies", explanation.policies, [&](const PolicyExplanation& policy) { explainer.Add(policy); });
  AppendMember(out, "complete", explanation.is_complete);
  out += '}';
}

}  // namespace remit::server
