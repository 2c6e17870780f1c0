// From a bundle to policies that an engine can publish, native code included.
#pragma once

#include "runtime/bundle/bundle.h"
#include "runtime/engine/policies.h"

namespace remit {

struct BundlePolicies {
  std::shared_ptr<Policies> policies;
  // Every body is native. False if the bundle has no code, or if the interner knew other symbols before: code names symbols by number, so a bundle
  // with code is best loaded into an engine that is new.
  bool has_code = false;
};

// Errors: those of Bundle::Load and of LoadImage, "code-target" among them: the code is for another processor. Such a bundle is refused and not
// quietly interpreted: whoever ships code counts on it.
auto ToPolicies(const Bundle& bundle, Interner& interner) -> Expected<BundlePolicies>;

}  // namespace remit
