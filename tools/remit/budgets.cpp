// remit budgets, remit breakers: what is spent, what is held, what is open, as the store has it now.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <thread>

#include "runtime/governor/node_json.h"
#include "tools/remit/deployment.h"
#include "tools/remit/table.h"

namespace remit::cli {
namespace {

struct BudgetsOptions {
  LedgerOptions ledger;
  std::string name;
  double watch = 0;  // seconds; 0: once
  DecisionTime time;
  Format format = Format::Human;
};

auto OrDash(std::string_view text) -> std::string { return text.empty() ? "-" : Shown(text); }

auto BudgetsText(const std::vector<ledger::AccountStatus>& rows) -> std::string {
  using enum Table::Align;
  Table table({{"budget", Left},
               {"key", Left},
               {"window", Left},
               {"used", Right},
               {"reserved", Right},
               {"limit", Right},
               {"left", Right},
               {"", Left},
               {"until", Left}});
  for (const auto& row : rows) {
    table.Add({OrDash(row.budget), OrDash(row.key), std::string(WindowName(row.window)), std::to_string(row.used),
               std::to_string(row.reserved), std::to_string(row.limit), std::to_string(Remaining(row)),
               Bar(row.used - row.reserved, row.reserved, row.limit), TimeText(row.window_end)});
  }
  return rows.empty() ? "nothing has been spent\n" : table.Finish();
}

auto ShowBudgets(Node& node, const BudgetsOptions& options, int64_t now) -> std::string {
  auto rows = node.Budgets(now);
  std::erase_if(rows, [&](const auto& row) { return !options.name.empty() && row.budget != options.name; });
  return options.format == Format::Json ? BudgetsAnswer(rows) + "\n" : BudgetsText(rows);
}

auto ShowBreakers(Node& node, const BudgetsOptions& options, int64_t now) -> std::string {
  auto rows = node.Breakers(now);
  std::erase_if(rows, [&](const auto& row) { return !options.name.empty() && row.breaker != options.name; });
  if (options.format == Format::Json) return BreakersAnswer(rows) + "\n";
  using enum Table::Align;
  Table table({{"breaker", Left}, {"key", Left}, {"state", Left}, {"calls", Right}, {"failures", Right}, {"until", Left}});
  for (const auto& row : rows) {
    table.Add({OrDash(row.breaker), OrDash(row.key), std::string(BreakerStateName(row.state)), std::to_string(row.calls),
               std::to_string(row.failures), row.state == ledger::BreakerState::Open ? TimeText(row.open_until) : "-"});
  }
  return rows.empty() ? "no breaker has counted anything\n" : table.Finish();
}

using Show = std::string (*)(Node&, const BudgetsOptions&, int64_t);

auto Run(const BudgetsOptions& options, Show show) -> ExitCode {
  const auto deployment = Deployment::WithoutPolicies(options.ledger, options.time.Read(), options.format);
  if (deployment == nullptr) return kFailed;
  while (true) {
    const std::string shown = show(deployment->node(), options, options.time.Read().millis);
    // On a terminal each table takes the place of the last.
    const bool replaces = options.watch > 0 && options.format == Format::Human && isatty(STDOUT_FILENO) != 0;
    fmt::print("{}{}", replaces ? "\033[H\033[2J" : "", shown);
    if (options.watch <= 0 || std::fflush(stdout) != 0) return kDone;
    std::this_thread::sleep_for(std::chrono::duration<double>(options.watch));
  }
}

void AddTable(CLI::App& app, ExitSlot& exit, const char* name, const char* description, const char* only, Show show) {
  auto* verb = app.add_subcommand(name, description);
  auto options = std::make_shared<BudgetsOptions>();
  verb->add_option("name", options->name, only)->option_text("NAME");
  AddLedgerOption(*verb, options->ledger)->required();
  verb->add_option("--watch", options->watch, "Again every so many seconds (1), until it is interrupted")
      ->expected(0, 1)
      ->default_str("1")
      ->check(CLI::Range(0.1, 3600.0))
      ->option_text("SECONDS");
  options->time.AddOption(*verb);
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 shown, 2 wrong usage, or the store cannot be read.");
  verb->callback([options, show, &exit] { exit = Run(*options, show); });
}

}  // namespace

void AddBudgets(CLI::App& app, ExitSlot& exit) {
  AddTable(app, exit, "budgets", "Show what is used, reserved and left of every budget", "This budget alone", ShowBudgets);
  AddTable(app, exit, "breakers", "Show which breakers are open", "This breaker alone", ShowBreakers);
}

}  // namespace remit::cli
