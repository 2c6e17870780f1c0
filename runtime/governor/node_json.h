// What a node knows, as JSON for whoever asks: the command line, the C API and the server say the same.
//
// One line each, members sorted. Times are milliseconds since the epoch. The forms are listed in docs/cli.md, "Ledgers".
#pragma once

#include <string>
#include <vector>

#include "runtime/approval/ticket.h"
#include "runtime/ledger/claims.h"
#include "runtime/ledger/quarantine.h"

namespace remit {

auto TicketAnswer(const approval::Ticket& ticket) -> std::string;
auto TicketsAnswer(const std::vector<approval::Ticket>& tickets) -> std::string;
auto BudgetsAnswer(const std::vector<ledger::AccountStatus>& rows) -> std::string;
auto BreakersAnswer(const std::vector<ledger::BreakerStatus>& rows) -> std::string;
auto QuarantineAnswer(const ledger::QuarantineList& list) -> std::string;
auto ReservationAnswer(const ledger::ReservationDetails& details) -> std::string;

// What is left of a budget: never below zero.
auto Remaining(const ledger::AccountStatus& row) -> int64_t;

// As people and JSON spell them.
auto WindowName(ledger::Window window) -> std::string_view;
auto BreakerStateName(ledger::BreakerState state) -> std::string_view;
auto VerdictName(ledger::Verdict verdict) -> std::string_view;

}  // namespace remit
