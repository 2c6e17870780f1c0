// How an escalation is shown to people.
#pragma once

#include <string>
#include <vector>

#include "runtime/approval/ticket.h"

namespace remit::cli {

auto ShowUid(const approval::UidText& uid) -> std::string;
auto TicketText(const approval::Ticket& ticket) -> std::string;

}  // namespace remit::cli
