// Who asks, once that is known: a principal of the control plane, and what it may do there.
//
// What a caller may do is decided by policy (control.h) when its credential is first seen, and kept with it as a set of bits, so that a request on
// the decision path pays one test.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/server/rate_limiter.h"

namespace remit::server {

// What a route asks of its caller: the actions of the namespace `Remit`. Public routes ask nothing.
enum class Right : uint8_t {
  Public,
  Decide,
  Settle,
  Explain,
  Search,
  ReadEscalations,
  Approve,
  ReadState,
  Quarantine,
  Release,
  ReadPolicies,
  Publish,
  WriteEntities,
  ReadAudit,
  ReadMetrics,
};
inline constexpr size_t kRights = 15;
// The id of the action, `read_audit`; empty for Public.
auto RightName(Right right) -> std::string_view;

class Rights {
 public:
  void Add(Right right) { bits_ |= Bit(right); }
  auto Has(Right right) const -> bool { return right == Right::Public || (bits_ & Bit(right)) != 0; }

 private:
  static auto Bit(Right right) -> uint32_t { return uint32_t{1} << static_cast<uint32_t>(right); }

  uint32_t bits_ = 0;
};

// How it was told who asks. Anonymous: not at all.
enum class CallerKind : uint8_t { Anonymous, Loopback, UnixPeer, StaticToken, Jwt, Certificate };
auto CallerKindName(CallerKind kind) -> std::string_view;

struct Caller {
  CallerKind kind = CallerKind::Anonymous;
  std::string type = "Remit::Anonymous";  // the principal
  std::string id = {};
  std::vector<std::string> roles = {};  // ids of `Remit::Role`s it is in
  Rights rights = {};
  std::shared_ptr<RateLimiter> limiter = {};  // of its requests; null: no limit
};

}  // namespace remit::server
