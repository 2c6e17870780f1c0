// A request as approvals know it: its texts, and the digests that an approval is bound to.
//
// A digest is SHA-256 of the request in canonical JSON (RFC 8785). What is signed is what people saw: the same text is kept with the ticket.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/approval/digest.h"
#include "runtime/approval/limits.h"
#include "runtime/approval/uid_text.h"
#include "runtime/base/error.h"
#include "runtime/request/request.h"

namespace remit::approval {

// What an approval is bound to besides principal, action, resource and delegation.
enum class Scope : uint8_t {
  Exact,  // the context, and the session if there is one
  Session,  // the session, whatever the context
};
auto ScopeName(Scope scope) -> std::string_view;
auto ScopeFromName(std::string_view name) -> std::optional<Scope>;

// Borrows nothing.
struct RequestFacts {
  UidText principal;
  UidText action;
  UidText resource;
  std::vector<UidText> delegation;  // first the origin
  std::string session;  // empty: none
  std::string context;  // canonical JSON
  Digest exact;
  std::optional<Digest> in_session;  // none without a session

  // "approval-needs-session": a request without a session cannot be approved for one.
  auto DigestFor(Scope scope) const -> Expected<Digest>;
  // The principal and whoever it acts for: none of them may approve.
  auto Concerns(const UidText& person) const -> bool;
};

auto DescribeRequest(const Request& request, std::span<const EntityUid> delegation, std::string_view session, const Interner& interner,
                     const ApprovalLimits& limits = {}) -> Expected<RequestFacts>;

// Of facts whose other members are known.
void AddDigests(RequestFacts& facts);

// The text whose digest is DigestFor(scope).
auto CanonicalRequest(const RequestFacts& facts, Scope scope) -> std::string;

}  // namespace remit::approval
