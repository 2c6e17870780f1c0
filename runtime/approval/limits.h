// What approvals may cost: every bound is checked before the work it bounds.
//
// Beside `Limits`, not in it: nothing outside this folder needs them, and whoever raises one should read what it bounds.
#pragma once

#include <cstddef>
#include <cstdint>

namespace remit::approval {

// The end of the year 9999. Times of approvals are from 0 to here, so that adding to one never overflows.
constexpr int64_t kMaxTimeMs = 253'402'300'799'999;

struct ApprovalLimits {
  size_t max_request_bytes = size_t{256} << 10;// of a canonical request, which is kept with its ticket for the people who approve it
  uint32_t max_depth = 512;                    // sets and records of a context inside one another
  size_t max_token_bytes = size_t{16} << 10;   // of one grant as text
  uint32_t max_tokens = 32;                    // presented with one request
  uint32_t max_approvers = 64;                 // of one ticket, and so the largest quorum
  uint32_t max_chain = 32;                     // principals that one approver acts for
  uint32_t max_uses = 1'000;                   // of one grant
  size_t max_reason_bytes = 4096;              // why a ticket was denied or revoked
  int64_t max_clock_skew_ms = 60'000;          // how far in the future another node's grant may have been issued
};

}  // namespace remit::approval
