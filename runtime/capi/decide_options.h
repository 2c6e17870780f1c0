// remit_decide_options as they are used.
#pragma once

#include <span>
#include <string_view>

#include "runtime/capi/ledger.h"
#include "runtime/capi/session.h"
#include "runtime/request/json.h"

namespace remit::capi {

struct Options {
  DecideOptions decide;
  bool validate = true;
  // Borrowed from the caller. Null: what follows has no meaning, but for `delegation`.
  remit_ledger* ledger = nullptr;
  std::string_view session = {};
  std::string_view request_id = {};
  std::span<const remit_string> approvals = {};
  std::span<const remit_uid> delegation = {};
  bool dry_run = false;
};

auto ReadOptions(const remit_decide_options* given, Options& options) -> Result;

// Symbols are of the session's overlay.
auto ReadDelegation(const Options& options, Interner& interner) -> ResultOf<std::vector<EntityUid>>;

// The session is pinned, and the request's symbols are of its overlay. `document` may be null: what it has beside the request counts where the options
// say nothing.
auto DecideWithLedger(remit_session& session, const Request& request, bool conforms, std::span<const EntityUid> delegation,
                      const RequestDocument* document, const Options& options) -> Result;

}  // namespace remit::capi
