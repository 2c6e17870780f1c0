// Escalations: `/v1/escalations`, one of them, and the answers to it.
#pragma once

#include <string>

#include "runtime/approval/ticket.h"
#include "runtime/server/service.h"

namespace remit::server {

void AddEscalationRoutes(Service& service);

// All that people need to know to answer, the canonical context among it; not the grant.
void AppendTicket(std::string& out, const approval::Ticket& ticket, int64_t now_ms);

}  // namespace remit::server
