#include "runtime/server/caller.h"

#include <array>

namespace remit::server {

auto RightName(Right right) -> std::string_view {
  switch (right) {
    case Right::Public: return {};
    case Right::Decide: return "decide";
    case Right::Settle: return "settle";
    case Right::Explain: return "explain";
    case Right::Search: return "search";
    case Right::ReadEscalations: return "read_escalations";
    case Right::Approve: return "approve";
    case Right::ReadState: return "read_state";
    case Right::Quarantine: return "quarantine";
    case Right::Release: return "release";
    case Right::ReadPolicies: return "read_policies";
    case Right::Publish: return "publish";
    case Right::WriteEntities: return "write_entities";
    case Right::ReadAudit: return "read_audit";
    case Right::ReadMetrics: return "read_metrics";
  }
  return {};
}

auto CallerKindName(CallerKind kind) -> std::string_view {
  switch (kind) {
    case CallerKind::Anonymous: return "anonymous";
    case CallerKind::Loopback: return "loopback";
    case CallerKind::UnixPeer: return "unix";
    case CallerKind::StaticToken: return "token";
    case CallerKind::Jwt: return "jwt";
    case CallerKind::Certificate: return "certificate";
  }
  return {};
}

}  // namespace remit::server
