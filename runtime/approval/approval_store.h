// Where approvals are kept: a small table of texts with compare-and-set, shared by the nodes of a deployment.
//
// One operation decides every race, on one key. Transactions over several keys, the alternative, are what not every store has, and nothing
// here needs them: a ticket is one record, a use of a grant is one record.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/error.h"

namespace remit::approval {

// How much longer than it is valid a ticket, a use or a revocation is kept, so that a clock that jumps back brings nothing back.
constexpr int64_t kKeepAfterExpiryMs = int64_t{24} * 3'600'000;

// What a store holds at most, of all kinds together.
struct StoreLimits {
  size_t max_entries = 100'000;
  size_t max_bytes = size_t{256} << 20;
};

// "approval-store-full".
auto StoreFull() -> std::unexpected<Error>;

// May be used from any thread. Whatever goes wrong is an error with code "approval-store-unavailable", "approval-store-full" or
// "approval-store-busy", and after the first it is not known whether something has changed.
class ApprovalStore {
 public:
  virtual ~ApprovalStore() = default;

  virtual auto Get(std::string_view key) -> Expected<std::optional<std::string>> = 0;

  // Puts `value` (none: nothing) in the place of `expected` (none: nothing). False if something else is there. Durable, and seen by every node,
  // when it returns true. From `keep_until_ms` on the store may forget the key.
  virtual auto CompareAndSet(std::string_view key, std::optional<std::string_view> expected, std::optional<std::string_view> value,
                             int64_t keep_until_ms) -> Expected<bool> = 0;

  // At most `limit` keys with this prefix, in order, with their values.
  virtual auto List(std::string_view prefix, size_t limit) -> Expected<std::vector<std::pair<std::string, std::string>>> = 0;

  // Forgets what need not be kept any more. Calling it is never needed for right answers.
  virtual auto Forget(int64_t now_ms) -> Expected<void> = 0;
};

}  // namespace remit::approval
