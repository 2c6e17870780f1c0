// Ledgers: opened, kept in order, and what they are asked about reservations and the quarantine. Escalations are in escalations.cpp.
#include "runtime/capi/ledger.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "runtime/capi/text.h"
#include "runtime/capi/uid.h"
#include "runtime/capi/versioned.h"
#include "runtime/governor/node_json.h"

namespace remit::capi {

auto FailOfNode(Error error) -> std::unexpected<Failure> {
  static constexpr auto kTransient = std::to_array<std::string_view>(
      {"store-away", "store-busy", "store-in-use", "approval-store-unavailable", "approval-store-busy", "state-contended"});
  const bool is_transient = std::ranges::find(kTransient, error.code) != kTransient.end();
  return Fail(is_transient ? REMIT_UNAVAILABLE : REMIT_INVALID_INPUT, std::move(error));
}

auto TimeOf(int64_t millis) -> Datetime {
  using namespace std::chrono;
  return {.millis = millis != REMIT_NOW ? millis : floor<milliseconds>(system_clock::now().time_since_epoch()).count()};
}

namespace {

auto ReadOptions(const remit_ledger_options* given, NodeOptions& options) -> Result {
  remit_ledger_options read;
  if (auto done = ReadStruct(given, read); !done) return done;
  switch (read.durability) {
    case REMIT_DURABLE_EACH: options.ledger.durability = ledger::Durability::Each; break;
    case REMIT_DURABLE_LEASE: options.ledger.durability = ledger::Durability::Lease; break;
    default: return FailArgument("there is no such durability");  // a number of the caller's
  }
  if (read.lease_millis < 0) return FailArgument("`lease_millis` is negative");
  if (read.lease_millis > 0) options.ledger.lease_ms = read.lease_millis;
  options.sole = read.sole != 0;
  options.opens_tickets = read.no_escalations == 0;
  if (read.signing_key.data == nullptr) return {};
  auto key = approval::SigningKey::FromPem(View(read.signing_key));
  if (!key) return Fail(std::move(key.error()));
  options.signing_key = std::move(*key);
  return {};
}

auto Open(remit_engine& engine, remit_string address, const remit_ledger_options* given) -> ResultOf<std::unique_ptr<remit_ledger>> {
  NodeOptions options;
  if (auto read = ReadOptions(given, options); !read) return Forward(read.error());
  options.store = View(address);
  auto node = Node::Open(engine.state->engine, options, TimeOf(REMIT_NOW).millis);
  if (!node) return FailOfNode(std::move(node.error()));
  auto ledger = std::make_unique<remit_ledger>();
  ledger->engine = engine.state;
  ledger->node = std::move(*node);
  return ledger;
}

auto Settle(Node& node, std::string_view reservation, remit_verdict verdict, std::span<const remit_charge> charges, int64_t now,
            remit_settlement* settlement) -> Result {
  if (verdict < REMIT_SUCCESS || verdict > REMIT_NOT_DISPATCHED) return FailArgument("there is no such verdict");
  std::vector<ledger::Actual> actual;
  for (const auto& charge : charges) {
    if (charge.budget.data == nullptr) return FailArgument("a charge names no budget");
    actual.push_back({.budget = View(charge.budget), .amount = charge.amount});
  }
  const auto settled = node.Settle(reservation, static_cast<ledger::Verdict>(verdict), actual, TimeOf(now));
  if (!settled) return FailOfNode(settled.error());
  const remit_settlement values = {.size = 0,
                                   .verdict = static_cast<remit_verdict>(settled->verdict),
                                   .repeated = settled->repeated ? 1U : 0U,
                                   .late = settled->late ? 1U : 0U,
                                   .overdrawn = settled->overdrawn ? 1U : 0U};
  if (settlement != nullptr && !WriteStruct(values, settlement)) return FailArgument("the size of `settlement` is not set");
  return {};
}
static_assert(static_cast<int>(ledger::Verdict::Failure) == REMIT_FAILURE &&
              static_cast<int>(ledger::Verdict::NotDispatched) == REMIT_NOT_DISPATCHED);

// Checked, as text: a quarantine knows no symbols.
auto CheckEntity(remit_uid entity) -> Result {
  auto checked = CheckUid(entity);
  if (checked) return {};
  const bool is_argument = checked.error().code == "invalid-argument";
  return Fail(is_argument ? REMIT_INVALID_ARGUMENT : REMIT_INVALID_INPUT, std::move(checked.error()));
}

auto Tell(const Expected<bool>& done, int* changed) -> Result {
  if (!done) return FailOfNode(done.error());
  if (changed != nullptr) *changed = *done ? 1 : 0;
  return {};
}

// Gives the text that `make` makes of the ledger's node.
template <typename Make>
auto GiveText(remit_ledger* ledger, remit_text** json, remit_error** error, Make make) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"ledger", ledger}, {"json", json}}); !given) return given;
    *json = nullptr;
    *json = NewText(make(*ledger->node));
    return {};
  });
}

}  // namespace
}  // namespace remit::capi

using namespace remit::capi;

void remit_text_free(remit_text* text) noexcept { delete text; }
auto remit_text_get(const remit_text* text) noexcept -> remit_string { return text != nullptr ? ToC(text->text) : ToC(""); }

auto remit_ledger_open(remit_engine* engine, remit_string address, const remit_ledger_options* options, remit_ledger** ledger,
                       remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"engine", engine}, {"address", address}, {"ledger", ledger}}); !given) return given;
    *ledger = nullptr;
    auto opened = Open(*engine, address, options);
    if (!opened) return Forward(opened.error());
    *ledger = opened->release();
    return {};
  });
}

void remit_ledger_free(remit_ledger* ledger) noexcept { delete ledger; }

auto remit_ledger_maintain(remit_ledger* ledger, int64_t now_millis, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"ledger", ledger}}); !given) return given;
    auto done = ledger->node->Maintain(TimeOf(now_millis).millis);
    return done ? Result{} : FailOfNode(std::move(done.error()));
  });
}

auto remit_settle(remit_ledger* ledger, remit_string reservation, remit_verdict verdict, const remit_charge* charges, size_t charge_count,
                  int64_t now_millis, remit_settlement* settlement, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"ledger", ledger}, {"reservation", reservation}}); !given) return given;
    if (charges == nullptr && charge_count > 0) return FailArgument("`charges` is missing");
    return Settle(*ledger->node, View(reservation), verdict, {charges, charge_count}, now_millis, settlement);
  });
}

auto remit_extend(remit_ledger* ledger, remit_string reservation, int64_t hold_millis, int64_t now_millis, int64_t* expires_millis,
                  remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"ledger", ledger}, {"reservation", reservation}}); !given) return given;
    const auto expires = ledger->node->Extend(View(reservation), hold_millis, TimeOf(now_millis).millis);
    if (!expires) return FailOfNode(expires.error());
    if (expires_millis != nullptr) *expires_millis = *expires;
    return {};
  });
}

auto remit_reservation(remit_ledger* ledger, remit_string reservation, remit_text** json, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"ledger", ledger}, {"reservation", reservation}, {"json", json}}); !given) return given;
    *json = nullptr;
    const auto details = ledger->node->Describe(View(reservation));
    if (!details) return FailOfNode(details.error());
    *json = NewText(remit::ReservationAnswer(*details));
    return {};
  });
}

auto remit_budgets(remit_ledger* ledger, int64_t now_millis, remit_text** json, remit_error** error) noexcept -> remit_status {
  return GiveText(ledger, json, error,
                  [&](const remit::Node& node) { return remit::BudgetsAnswer(node.Budgets(TimeOf(now_millis).millis)); });
}

auto remit_breakers(remit_ledger* ledger, int64_t now_millis, remit_text** json, remit_error** error) noexcept -> remit_status {
  return GiveText(ledger, json, error,
                  [&](const remit::Node& node) { return remit::BreakersAnswer(node.Breakers(TimeOf(now_millis).millis)); });
}

auto remit_quarantine(remit_ledger* ledger, remit_uid entity, remit_string reason, remit_string who, int64_t now_millis, int* changed,
                      remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"ledger", ledger}, {"reason", reason}, {"who", who}}); !given) return given;
    if (auto checked = CheckEntity(entity); !checked) return checked;
    return Tell(ledger->node->Quarantine({.type = std::string(View(entity.type)),
                                          .id = std::string(View(entity.id)),
                                          .reason = std::string(View(reason)),
                                          .who = std::string(View(who)),
                                          .since = TimeOf(now_millis).millis}),
                changed);
  });
}

auto remit_release(remit_ledger* ledger, remit_uid entity, int* changed, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"ledger", ledger}}); !given) return given;
    if (auto checked = CheckEntity(entity); !checked) return checked;
    return Tell(ledger->node->Release(View(entity.type), View(entity.id)), changed);
  });
}

auto remit_quarantined(remit_ledger* ledger, remit_text** json, remit_error** error) noexcept -> remit_status {
  return GiveText(ledger, json, error, [](const remit::Node& node) { return remit::QuarantineAnswer(*node.Quarantined()); });
}
