// remit escalations, approve, deny, revoke: what waits for people, and what they say.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <memory>

#include "runtime/governor/node_json.h"
#include "tools/remit/deployment.h"
#include "tools/remit/table.h"
#include "tools/remit/ticket_answer.h"

namespace remit::cli {
namespace {

struct AnswerOptions {
  LedgerOptions ledger;
  PolicySetOptions policies;
  std::string ticket;
  std::string person;
  std::vector<std::string> acting_for;
  std::string reason;
  bool all = false;
  size_t limit = 100;
  DecisionTime time;
  Format format = Format::Human;
};

auto ReadApprover(const AnswerOptions& options, Datetime now) -> Expected<approval::Approver> {
  auto person = ReadUidOption(options.person);
  if (!person) return std::unexpected(std::move(person.error()));
  approval::Approver approver{.person = std::move(*person), .acting_for = {}, .at_ms = now.millis};
  for (const auto& text : options.acting_for) {
    auto other = ReadUidOption(text);
    if (!other) return std::unexpected(std::move(other.error()));
    approver.acting_for.push_back(std::move(*other));
  }
  return approver;
}

auto Open(const AnswerOptions& options, Datetime now) -> std::unique_ptr<Deployment> {
  if (!options.policies.bundle.empty()) {
    return Deployment::OnBundle(options.ledger, options.policies, BundleCodeUse::Ignored, now, options.format);
  }
  if (!options.policies.policies.policies.empty()) {
    return Deployment::OnSources(options.ledger, options.policies, EngineChoice::Interpreter, now, options.format);
  }
  ReportError({.code = "wrong-usage",
               .message = "who may answer is decided by policies, and there are none",
               .pointer = {},
               .help = "give --policies or --bundle, and --entities"},
              options.format);
  return nullptr;
}

enum class Answer : uint8_t { Approve, Deny, Revoke };

auto RunAnswer(const AnswerOptions& options, Answer answer) -> ExitCode {
  const Datetime now = options.time.Read();
  auto approver = ReadApprover(options, now);
  if (!approver) return ReportError(approver.error(), options.format);
  const auto deployment = Open(options, now);
  if (deployment == nullptr) return kFailed;
  const auto ticket = [&]() -> Expected<approval::Ticket> {
    switch (answer) {
      case Answer::Approve: return deployment->node().Approve(options.ticket, *approver);
      case Answer::Deny: return deployment->node().Deny(options.ticket, *approver, options.reason);
      case Answer::Revoke: return deployment->node().Revoke(options.ticket, *approver, options.reason);
    }
    return {};
  }();
  if (!ticket) return ReportError(ticket.error(), options.format);
  fmt::print("{}", options.format == Format::Json ? TicketAnswer(*ticket) + "\n" : TicketText(*ticket));
  return answer == Answer::Approve && ticket->state == approval::TicketState::Pending ? kNegative : kDone;
}

auto RunShow(Deployment& deployment, const AnswerOptions& options, Datetime now) -> ExitCode {
  const auto ticket = deployment.node().FindEscalation(options.ticket, now.millis);
  if (!ticket) return ReportError(ticket.error(), options.format);
  fmt::print("{}", options.format == Format::Json ? TicketAnswer(*ticket) + "\n" : TicketText(*ticket));
  return kDone;
}

auto RunList(const AnswerOptions& options) -> ExitCode {
  const Datetime now = options.time.Read();
  const auto deployment = Deployment::WithoutPolicies(options.ledger, now, options.format);
  if (deployment == nullptr) return kFailed;
  if (!options.ticket.empty()) return RunShow(*deployment, options, now);
  auto tickets = deployment->node().ListEscalations(now.millis, options.limit);
  if (!tickets) return ReportError(tickets.error(), options.format);
  if (!options.all) std::erase_if(*tickets, [](const auto& ticket) { return ticket.state != approval::TicketState::Pending; });
  if (options.format == Format::Json) {
    fmt::print("{}\n", TicketsAnswer(*tickets));
    return kDone;
  }
  Table table({{"escalation"}, {"state"}, {"statement"}, {"asked by"}, {"for"}, {"approvals"}, {"until"}});
  for (const auto& ticket : *tickets) {
    table.Add({ticket.id, std::string(TicketStateName(ticket.state)), Shown(ticket.wanted.statement), ShowUid(ticket.facts.principal),
               ShowUid(ticket.facts.action) + " on " + ShowUid(ticket.facts.resource),
               fmt::format("{} of {}", ticket.approvers.size(), ticket.wanted.quorum), TimeText(ticket.expires_ms)});
  }
  fmt::print("{}", tickets->empty() ? "nothing waits for anybody\n" : table.Finish());
  return kDone;
}

auto AddAnswer(CLI::App& app, ExitSlot& exit, const char* name, const char* description, Answer answer) -> CLI::App* {
  auto* verb = app.add_subcommand(name, description);
  auto options = std::make_shared<AnswerOptions>();
  verb->add_option("escalation", options->ticket, "As `remit decide --ledger` or `remit escalations` printed it")
      ->required()
      ->option_text("ID");
  verb->add_option("--as", options->person, "Who answers, for example 'User::\"lee\"'")->required()->option_text("ENTITY");
  verb->add_option("--acting-for", options->acting_for, "For whom, if through an agent; may be repeated")
      ->option_text("ENTITY")
      ->allow_extra_args(false);
  AddLedgerOption(*verb, options->ledger)->required();
  if (answer == Answer::Approve) {
    AddSigningKeyOption(*verb, options->ledger);
  } else {
    verb->add_option("--reason", options->reason, "Why, for whoever asked")->option_text("TEXT");
  }
  AddPolicySetOptions(*verb, options->policies);
  options->time.AddOption(*verb);
  AddFormatOption(*verb, options->format);
  verb->callback([options, answer, &exit] { exit = RunAnswer(*options, answer); });
  return verb;
}

}  // namespace

void AddEscalations(CLI::App& app, ExitSlot& exit) {
  auto* list = app.add_subcommand("escalations", "Show what waits for people, or one escalation");
  auto options = std::make_shared<AnswerOptions>();
  list->add_option("escalation", options->ticket, "This one, in full")->option_text("ID");
  list->add_flag("--all", options->all, "Also what was approved, denied, revoked, or has expired");
  list->add_option("--limit", options->limit, "Look at so many at most")->check(CLI::Range(1, 100'000))->capture_default_str();
  AddLedgerOption(*list, options->ledger)->required();
  options->time.AddOption(*list);
  AddFormatOption(*list, options->format);
  list->footer("Exit codes: 0 shown, 2 wrong usage, or no such escalation.");
  list->callback([options, &exit] { exit = RunList(*options); });

  AddAnswer(app, exit, "approve", "Approve an escalation; the last approval that is needed signs the grant", Answer::Approve)
      ->footer("Exit codes: 0 approved, 1 more people are needed, 2 refused, or wrong usage or input.");
  AddAnswer(app, exit, "deny", "Deny an escalation", Answer::Deny)->footer("Exit codes: 0 denied, 2 refused, or wrong usage or input.");
  AddAnswer(app, exit, "revoke", "Take an approval back, or an escalation that nobody has answered", Answer::Revoke)
      ->footer("Exit codes: 0 revoked, 2 refused, or wrong usage or input.");
}

}  // namespace remit::cli
