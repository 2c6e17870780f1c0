// A ticket: one escalation that waits for people, or what they said.
//
//   Pending ── quorum ──► Approved          Denied, Revoked and Expired are ends. A ticket expires at its time, whatever
//      │  │                  │  │           it is then but denied or revoked; nothing expires into an approval.
//      │  └─ deny ► Denied   │  └─ revoke ► Revoked
//      └──── time ► Expired ◄┘              (Pending may be revoked, too)
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/approval/escalation.h"
#include "runtime/approval/grant.h"
#include "runtime/approval/request_facts.h"

namespace remit::approval {

enum class TicketState : uint8_t { Pending, Approved, Denied, Revoked, Expired };
auto TicketStateName(TicketState state) -> std::string_view;

// Times are milliseconds since the epoch.
struct Ticket {
  std::string id;
  TicketState state = TicketState::Pending;
  Wanted wanted;
  RequestFacts facts;
  Digest digest;  // of the request, in the scope that is wanted
  int64_t opened_ms = 0;
  int64_t expires_ms = 0;  // also of its grant
  std::vector<Approver> approvers;
  std::string grant_id;
  std::string grant;     // the token, once approved
  UidText decided_by;    // who denied or revoked
  std::string reason;    // and why

  auto StateAt(int64_t now_ms) const -> TicketState;
};

// As a store keeps it.
auto TicketToJson(const Ticket& ticket) -> std::string;
// "ticket-damaged": no ticket, or one whose request is not what its digest says.
auto TicketFromJson(std::string_view json) -> Expected<Ticket>;

}  // namespace remit::approval
