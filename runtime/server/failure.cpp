#include "runtime/server/failure.h"

#include <algorithm>
#include <array>

#include "runtime/server/json_text.h"

namespace remit::server {
namespace {

struct StatusRow {
  std::string_view code;
  int status;
};
// What is not here is the caller's mistake: 400. In the order of the statuses.
// clang-format off
constexpr std::array kStatuses = {
    StatusRow{"approval-by-requester",      403},
    StatusRow{"approver-not-eligible",      403},
    StatusRow{"escalation-unknown",         404},
    StatusRow{"unknown-reservation",        404},
    StatusRow{"unknown-version",            404},
    StatusRow{"unknown-record",             404},
    StatusRow{"request-id-reused",          409},
    StatusRow{"reservation-settled",        409},
    StatusRow{"reservation-expired",        409},
    StatusRow{"escalation-expired",         409},
    StatusRow{"escalation-denied",          409},
    StatusRow{"escalation-revoked",         409},
    StatusRow{"escalation-approved",        409},
    StatusRow{"policies-invalid",           422},
    StatusRow{"schema-invalid",             422},
    StatusRow{"entities-invalid",           422},
    StatusRow{"cannot-write",               500},
    StatusRow{"cannot-read",                500},
    StatusRow{"store-away",                 503},
    StatusRow{"store-failed",               503},
    StatusRow{"store-corrupt",              503},
    StatusRow{"store-busy",                 503},
    StatusRow{"state-contended",            503},
    StatusRow{"audit-stuck",                503},
    StatusRow{"audit-closed",               503},
    StatusRow{"audit-file",                 503},
    StatusRow{"audit-record-too-large",     413},
    StatusRow{"no-signing-key",             503},
    StatusRow{"too-many-reservations",      503},
    StatusRow{"too-many-accounts",          503},
    StatusRow{"approval-store-unavailable", 503},
    StatusRow{"approval-store-full",        503},
    StatusRow{"approval-store-busy",        503},
};
// clang-format on

}  // namespace

auto StatusOf(const Error& error) -> int {
  const auto it = std::ranges::find(kStatuses, error.code, &StatusRow::code);
  return it == kStatuses.end() ? 400 : it->status;
}

void Fail(Response& response, int status, const Error& error) {
  response.status = status;
  response.content_type = "application/json";
  std::string& out = response.body;
  out = R"({"error":{)";
  AppendMember(out, "code", error.code);
  AppendMember(out, "message", error.message);
  if (!error.pointer.empty()) AppendMember(out, "pointer", error.pointer);
  if (!error.help.empty()) AppendMember(out, "help", error.help);
  out += "}}";
}

void Fail(Response& response, int status, std::string_view code, std::string_view message, std::string_view help) {
  Fail(response, status, Error{.code = std::string(code), .message = std::string(message), .pointer = {}, .help = std::string(help)});
}

}  // namespace remit::server
