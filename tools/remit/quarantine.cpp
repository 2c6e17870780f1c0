// remit quarantine: what is stopped everywhere at once.
#include <fmt/format.h>

#include <memory>

#include "runtime/base/text.h"
#include "runtime/governor/node_json.h"
#include "tools/remit/deployment.h"
#include "tools/remit/table.h"

namespace remit::cli {
namespace {

struct QuarantineOptions {
  LedgerOptions ledger;
  std::string entity;
  std::string reason;
  std::string who;
  DecisionTime time;
  Format format = Format::Human;
};

auto UidText(std::string_view type, std::string_view id) -> std::string { return fmt::format("{}::{}", type, QuoteString(id)); }

auto Report(const QuarantineOptions& options, const Expected<bool>& changed, const approval::UidText& uid, std::string_view done,
            std::string_view not_done) -> ExitCode {
  if (!changed) return ReportError(changed.error(), options.format);
  switch (options.format) {
    case Format::Human: fmt::print("{} {}\n", UidText(uid.type, uid.id), *changed ? done : not_done); break;
    case Format::Json: fmt::print("{}\n", *changed ? R"({"changed":true})" : R"({"changed":false})"); break;
  }
  return *changed ? kDone : kNegative;
}

auto RunChange(const QuarantineOptions& options, bool adds) -> ExitCode {
  const auto uid = ReadUidOption(options.entity);
  if (!uid) return ReportError(uid.error(), options.format);
  const Datetime now = options.time.Read();
  const auto deployment = Deployment::WithoutPolicies(options.ledger, now, options.format);
  if (deployment == nullptr) return kFailed;
  auto& node = deployment->node();
  if (!adds) return Report(options, node.Release(uid->type, uid->id), *uid, "is released", "is not quarantined");
  const auto added = node.Quarantine({.type = uid->type, .id = uid->id, .reason = options.reason, .who = options.who, .since = now.millis});
  return Report(options, added, *uid, "is quarantined", "is quarantined already");
}

auto RunList(const QuarantineOptions& options) -> ExitCode {
  const auto deployment = Deployment::WithoutPolicies(options.ledger, options.time.Read(), options.format);
  if (deployment == nullptr) return kFailed;
  const auto list = deployment->node().Quarantined();
  if (options.format == Format::Json) {
    fmt::print("{}\n", QuarantineAnswer(*list));
    return kDone;
  }
  Table table({{"entity"}, {"since"}, {"by"}, {"reason"}});
  for (const auto& entry : *list) {
    table.Add({UidText(entry.type, entry.id), TimeText(entry.since), entry.who.empty() ? "-" : Shown(entry.who), Shown(entry.reason)});
  }
  fmt::print("{}", list->empty() ? "nothing is quarantined\n" : table.Finish());
  return kDone;
}

auto AddOne(CLI::App& parent, const char* name, const char* description, const std::shared_ptr<QuarantineOptions>& options) -> CLI::App* {
  auto* verb = parent.add_subcommand(name, description);
  AddLedgerOption(*verb, options->ledger)->required();
  options->time.AddOption(*verb);
  AddFormatOption(*verb, options->format);
  return verb;
}

void AddChange(CLI::App& parent, ExitSlot& exit, const char* name, const char* description, bool adds) {
  auto options = std::make_shared<QuarantineOptions>();
  auto* verb = AddOne(parent, name, description, options);
  verb->add_option("entity", options->entity, "For example 'Agent::\"support-1\"'")->required()->option_text("ENTITY");
  if (adds) {
    verb->add_option("--reason", options->reason, "Why, for whoever looks at the list")->option_text("TEXT");
    verb->add_option("--as", options->who, "Who does it")->option_text("TEXT");
  }
  verb->callback([options, adds, &exit] { exit = RunChange(*options, adds); });
}

}  // namespace

void AddQuarantine(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("quarantine", "Stop an entity everywhere at once: add, release, list");
  verb->require_subcommand(1);
  AddChange(*verb, exit, "add", "Nothing may be done by it, with it or to it from now on", true);
  AddChange(*verb, exit, "release", "It may act again", false);
  auto options = std::make_shared<QuarantineOptions>();
  AddOne(*verb, "list", "What is quarantined, since when, by whom and why", options)->callback([options, &exit] {
    exit = RunList(*options);
  });
  verb->footer("Exit codes: 0 done, 1 there was nothing to change, 2 wrong usage, or the store cannot be reached.");
}

}  // namespace remit::cli
