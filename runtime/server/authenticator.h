// Who a request comes from, by what it carries and by the connection it came on.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>

#include "runtime/server/caller.h"
#include "runtime/server/http.h"

namespace remit::server {

struct Credential {
  std::shared_ptr<const Caller> caller;  // never null; anonymous if the credential was wrong
  int64_t valid_until_ms = std::numeric_limits<int64_t>::max();
  bool is_wrong = false;  // there was a credential, and it does not hold
};

// Threads: any.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  virtual auto Find(const Request& request, const Peer& peer, int64_t now_ms) -> Credential = 0;
  // Changes whenever what was found before may no longer be so.
  virtual auto epoch() const -> uint64_t = 0;
};

}  // namespace remit::server
