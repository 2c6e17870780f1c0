// What waits for people, what they say, and the keys that vouch for it.
#include "runtime/capi/ledger.h"
#include "runtime/capi/text.h"
#include "runtime/capi/uid.h"
#include "runtime/capi/versioned.h"
#include "runtime/governor/node_json.h"

namespace remit::capi {
namespace {

auto ReadPerson(remit_uid uid) -> ResultOf<approval::UidText> {
  if (auto checked = CheckUid(uid); !checked) {
    const bool is_argument = checked.error().code == "invalid-argument";
    return Fail(is_argument ? REMIT_INVALID_ARGUMENT : REMIT_INVALID_INPUT, std::move(checked.error()));
  }
  return approval::UidText{.type = std::string(View(uid.type)), .id = std::string(View(uid.id))};
}

auto ReadApprover(const remit_approver* given, int64_t now) -> ResultOf<approval::Approver> {
  remit_approver read;
  if (auto done = ReadStruct(given, read); !done) return Forward(done.error());
  if (read.acting_for == nullptr && read.acting_for_count > 0) return FailArgument("`acting_for` is missing");
  auto person = ReadPerson(read.person);
  if (!person) return Forward(person.error());
  approval::Approver approver{.person = std::move(*person), .acting_for = {}, .at_ms = TimeOf(now).millis};
  for (const auto& uid : std::span(read.acting_for, read.acting_for_count)) {
    auto other = ReadPerson(uid);
    if (!other) return Forward(other.error());
    approver.acting_for.push_back(std::move(*other));
  }
  return approver;
}

// Runs `ask(node, id)`, which gives a ticket, and gives that as JSON.
template <typename Ask>
auto GiveTicket(remit_ledger* ledger, remit_string escalation, remit_text** json, remit_error** error, Ask ask) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"ledger", ledger}, {"escalation", escalation}}); !given) return given;
    if (json != nullptr) *json = nullptr;
    ResultOf<Expected<approval::Ticket>> ticket = ask(*ledger->node, View(escalation));
    if (!ticket) return Forward(ticket.error());
    if (!*ticket) return FailOfNode(std::move(ticket->error()));
    if (json != nullptr) *json = NewText(TicketAnswer(**ticket));
    return {};
  });
}

// The same of somebody's answer.
template <typename Ask>
auto Answer(remit_ledger* ledger, remit_string escalation, const remit_approver* by, int64_t now, remit_text** json, remit_error** error,
            Ask ask) noexcept -> remit_status {
  return GiveTicket(ledger, escalation, json, error, [&](Node& node, std::string_view id) -> ResultOf<Expected<approval::Ticket>> {
    if (by == nullptr) return FailArgument("`approver` is missing");
    auto approver = ReadApprover(by, now);
    if (!approver) return Forward(approver.error());
    return ask(node, id, *approver);
  });
}

// Reads the ring, changes it and puts it back.
template <typename Change>
auto ChangeKeys(remit_ledger* ledger, remit_string text, remit_error** error, Change change) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"ledger", ledger}, {"key", text}}); !given) return given;
    const std::lock_guard lock(ledger->keys_mutex);
    approval::KeyRing ring = *ledger->node->accepted_keys();
    if (Result changed = change(ring, View(text)); !changed) return changed;
    ledger->node->SetAcceptedKeys(std::move(ring));
    return {};
  });
}

// Of a private key the public part.
auto ReadKey(std::string_view pem) -> Expected<approval::PublicKey> {
  if (auto key = approval::SigningKey::FromPem(pem)) return key->public_key();
  return approval::PublicKey::FromPem(pem);
}

}  // namespace
}  // namespace remit::capi

using namespace remit::capi;

auto remit_approve(remit_ledger* ledger, remit_string escalation, const remit_approver* approver, int64_t now_millis,
                   remit_text** escalation_json, remit_error** error) noexcept -> remit_status {
  return Answer(ledger, escalation, approver, now_millis, escalation_json, error,
                [](remit::Node& node, std::string_view id, const auto& by) { return node.Approve(id, by); });
}

auto remit_deny(remit_ledger* ledger, remit_string escalation, const remit_approver* by, remit_string reason, int64_t now_millis,
                remit_text** escalation_json, remit_error** error) noexcept -> remit_status {
  return Answer(ledger, escalation, by, now_millis, escalation_json, error,
                [&](remit::Node& node, std::string_view id, const auto& who) { return node.Deny(id, who, View(reason)); });
}

auto remit_revoke(remit_ledger* ledger, remit_string escalation, const remit_approver* by, remit_string reason, int64_t now_millis,
                  remit_text** escalation_json, remit_error** error) noexcept -> remit_status {
  return Answer(ledger, escalation, by, now_millis, escalation_json, error,
                [&](remit::Node& node, std::string_view id, const auto& who) { return node.Revoke(id, who, View(reason)); });
}

auto remit_escalation(remit_ledger* ledger, remit_string escalation, int64_t now_millis, remit_text** escalation_json,
                      remit_error** error) noexcept -> remit_status {
  return GiveTicket(ledger, escalation, escalation_json, error,
                    [&](remit::Node& node, std::string_view id) -> ResultOf<remit::Expected<remit::approval::Ticket>> {
                      return node.FindEscalation(id, TimeOf(now_millis).millis);
                    });
}

auto remit_escalations(remit_ledger* ledger, size_t limit, int64_t now_millis, remit_text** json, remit_error** error) noexcept
    -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"ledger", ledger}, {"json", json}}); !given) return given;
    *json = nullptr;
    const auto tickets = ledger->node->ListEscalations(TimeOf(now_millis).millis, limit);
    if (!tickets) return FailOfNode(tickets.error());
    *json = NewText(remit::TicketsAnswer(*tickets));
    return {};
  });
}

auto remit_ledger_accept_key(remit_ledger* ledger, remit_string public_key, remit_error** error) noexcept -> remit_status {
  return ChangeKeys(ledger, public_key, error, [](auto& ring, std::string_view pem) -> Result {
    auto key = ReadKey(pem);
    if (!key) return Fail(std::move(key.error()));
    ring.Add(std::move(*key));
    return {};
  });
}

auto remit_ledger_retire_key(remit_ledger* ledger, remit_string key_id, int64_t at_millis, remit_error** error) noexcept -> remit_status {
  return ChangeKeys(ledger, key_id, error, [&](auto& ring, std::string_view id) -> Result {
    ring.Retire(id, TimeOf(at_millis).millis);
    return {};
  });
}

auto remit_ledger_revoke_key(remit_ledger* ledger, remit_string key_id, remit_error** error) noexcept -> remit_status {
  return ChangeKeys(ledger, key_id, error, [](auto& ring, std::string_view id) -> Result {
    ring.Revoke(id);
    return {};
  });
}

auto remit_key_generate(remit_text** private_key, remit_text** public_key, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"private_key", private_key}, {"public_key", public_key}}); !given) return given;
    *private_key = *public_key = nullptr;
    const auto key = remit::approval::SigningKey::Generate();
    std::unique_ptr<remit_text> secret(NewText(key.ToPem()));
    *public_key = NewText(key.public_key().ToPem());
    *private_key = secret.release();
    return {};
  });
}

auto remit_key_id(remit_string key, remit_text** id, remit_error** error) noexcept -> remit_status {
  return Guarded(error, [&]() -> Result {
    if (auto given = Require({{"key", key}, {"id", id}}); !given) return given;
    *id = nullptr;
    auto read = ReadKey(View(key));
    if (!read) return Fail(std::move(read.error()));
    *id = NewText(read->id());
    return {};
  });
}
