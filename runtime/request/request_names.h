// The names of requests that the engine does not know: an overlay over the engine's, kept from one request to the next.
//
// Names of former requests do no harm while they are few, a request that names what a former one did finds it, and making an overlay for each request takes
// longer than all that is looked up in it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "runtime/base/interner.h"

namespace remit {

class RequestNames {
 public:
  // Call between requests. INVARIANT: the snapshot is pinned before, so that every symbol of the snapshot is one of `engine_names`; where the engine has
  // learnt names since, the overlay no longer begins where they end, and is made anew.
  void Begin(const Interner& engine_names) {
    if (names_ && before_ == engine_names.size() && !IsMuch()) return;
    names_.emplace(&engine_names);
    before_ = names_->size();
  }
  // The overlay; there is one after `Begin`.
  auto operator*() -> Interner& { return *names_; }
  void Release() { names_.reset(); }

 private:
  auto IsMuch() const -> bool {
    constexpr uint32_t kFew = 256;
    constexpr size_t kFewBytes = size_t{64} << 10;
    return names_->size() - before_ > kFew || names_->footprint() > kFewBytes;
  }

  std::optional<Interner> names_;
  uint32_t before_ = 0;  // their number when the overlay was made
};

}  // namespace remit
