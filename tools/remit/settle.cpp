// remit settle, remit extend: what became of a reservation, and more time for one.
#include <fmt/format.h>

#include <charconv>
#include <memory>

#include "runtime/governor/node_json.h"
#include "stdlib/decimal.h"
#include "stdlib/duration.h"
#include "tools/remit/deployment.h"
#include "tools/remit/table.h"

namespace remit::cli {
namespace {

using ledger::Verdict;

struct SettleOptions {
  LedgerOptions ledger;
  PolicySetOptions policies;
  std::string reservation;
  Verdict verdict = Verdict::Success;
  std::vector<std::string> charges;
  std::string hold;
  DecisionTime time;
  Format format = Format::Human;
};

// `7`, or with a point the amount of a decimal budget, in units of 0.0001.
auto ReadAmount(std::string_view text) -> std::optional<int64_t> {
  if (text.find('.') != std::string_view::npos) {
    const auto decimal = ParseDecimal(String(text));
    return decimal && decimal->units >= 0 ? std::optional(decimal->units) : std::nullopt;
  }
  int64_t amount = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  return error == std::errc{} && end == text.data() + text.size() && amount >= 0 ? std::optional(amount) : std::nullopt;
}

auto ReadCharges(const std::vector<std::string>& texts) -> Expected<std::vector<ledger::Actual>> {
  std::vector<ledger::Actual> charges;
  for (const auto& text : texts) {
    const size_t equals = text.find('=');
    const auto amount = equals == std::string::npos ? std::nullopt : ReadAmount(std::string_view(text).substr(equals + 1));
    if (!amount) {
      return std::unexpected(Error{.code = "wrong-usage",
                                   .message = fmt::format("`{}` is no charge", Shown(text)),
                                   .pointer = {},
                                   .help = "BUDGET=AMOUNT, as in spend=7 or spend=12.50"});
    }
    charges.push_back({.budget = std::string_view(text).substr(0, equals), .amount = *amount});
  }
  return charges;
}

void PrintSettled(const ledger::Settled& settled, const ledger::ReservationDetails& details, Format format) {
  if (format == Format::Json) {
    fmt::print("{{\"late\":{},\"overdrawn\":{},\"repeated\":{},\"reservation\":{},\"verdict\":\"{}\"}}\n", settled.late, settled.overdrawn,
               settled.repeated, ReservationAnswer(details), VerdictName(settled.verdict));
    return;
  }
  fmt::print("settled as {}{}{}\n", VerdictName(settled.verdict), settled.repeated ? ", before: nothing changed" : "",
             settled.late ? ", late: what expiry did was corrected" : "");
  for (const auto& line : details.lines) {
    fmt::print("  {}: {} charged of {} reserved{}\n", Shown(line.budget), line.charged, line.reserved,
               line.overdraft > 0 ? fmt::format(", {} beyond it", line.overdraft) : "");
  }
}

auto Open(const SettleOptions& options, Datetime now) -> std::unique_ptr<Deployment> {
  if (!options.policies.bundle.empty()) {
    return Deployment::OnBundle(options.ledger, options.policies, BundleCodeUse::Ignored, now, options.format);
  }
  if (!options.policies.policies.policies.empty()) {
    return Deployment::OnSources(options.ledger, options.policies, EngineChoice::Interpreter, now, options.format);
  }
  return Deployment::WithoutPolicies(options.ledger, now, options.format);
}

auto RunSettle(const SettleOptions& options) -> ExitCode {
  const auto charges = ReadCharges(options.charges);
  if (!charges) return ReportError(charges.error(), options.format);
  const Datetime now = options.time.Read();
  const auto deployment = Open(options, now);
  if (deployment == nullptr) return kFailed;
  const auto known = deployment->has_policies() ? Node::PoliciesKnown::Yes : Node::PoliciesKnown::No;
  const auto settled = deployment->node().Settle(options.reservation, options.verdict, *charges, now, known);
  if (!settled) return ReportError(settled.error(), options.format);
  PrintSettled(*settled, deployment->node().Describe(options.reservation).value_or(ledger::ReservationDetails{}), options.format);
  return settled->verdict == options.verdict ? kDone : kNegative;
}

auto RunExtend(const SettleOptions& options) -> ExitCode {
  const auto hold = ParseDuration(String(options.hold));
  if (!hold || hold->millis <= 0) {
    return ReportError(
        {.code = "wrong-usage", .message = fmt::format("`{}` is no duration", Shown(options.hold)), .pointer = {}, .help = "as in 5m"},
        options.format);
  }
  const Datetime now = options.time.Read();
  const auto deployment = Deployment::WithoutPolicies(options.ledger, now, options.format);
  if (deployment == nullptr) return kFailed;
  const auto expires = deployment->node().Extend(options.reservation, hold->millis, now.millis);
  if (!expires) return ReportError(expires.error(), options.format);
  switch (options.format) {
    case Format::Human: fmt::print("held until {}\n", TimeText(*expires)); break;
    case Format::Json: fmt::print("{}\n", fmt::format("{{\"expiresAt\":{}}}", *expires)); break;
  }
  return kDone;
}

}  // namespace

void AddSettle(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("settle", "Say what came of a reservation: charges what it really cost");
  auto options = std::make_shared<SettleOptions>();
  verb->add_option("reservation", options->reservation, "What `remit decide --ledger` printed")->required()->option_text("RESERVATION");
  verb->add_option("verdict", options->verdict, "success, failure, or not-dispatched, which gives everything back")
      ->required()
      ->transform(CLI::CheckedTransformer(std::map<std::string, Verdict>{
          {"success", Verdict::Success}, {"failure", Verdict::Failure}, {"not-dispatched", Verdict::NotDispatched}}))
      ->option_text("success|failure|not-dispatched");
  verb->add_option("--charge", options->charges,
                   "What a budget was really charged; the others are charged what was reserved. May be repeated")
      ->option_text("BUDGET=AMOUNT")
      ->allow_extra_args(false);
  AddLedgerOption(*verb, options->ledger)->required();
  AddPolicySetOptions(*verb, options->policies);
  options->time.AddOption(*verb);
  AddFormatOption(*verb, options->format);
  verb->footer(
      "Breakers trip by the policies, if they are given (-p or -b); without them outcomes are counted.\n"
      "Exit codes: 0 settled, 1 it was settled before, otherwise, 2 wrong usage or input, or no such reservation.");
  verb->callback([options, &exit] { exit = RunSettle(*options); });
}

void AddExtend(CLI::App& app, ExitSlot& exit) {
  auto* verb = app.add_subcommand("extend", "Hold a reservation for longer");
  auto options = std::make_shared<SettleOptions>();
  verb->add_option("reservation", options->reservation, "What `remit decide --ledger` printed")->required()->option_text("RESERVATION");
  verb->add_option("--for", options->hold, "From now; never shorter than before")->required()->option_text("DURATION");
  AddLedgerOption(*verb, options->ledger)->required();
  options->time.AddOption(*verb);
  AddFormatOption(*verb, options->format);
  verb->footer("Exit codes: 0 extended, 2 wrong usage or input, or no open reservation.");
  verb->callback([options, &exit] { exit = RunExtend(*options); });
}

}  // namespace remit::cli
