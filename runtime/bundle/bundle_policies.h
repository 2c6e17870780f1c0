// From a bundle to policies that an engine can publish, native code included.
#pragma once

#include "runtime/bundle/bundle.h"
#include "runtime/engine/policies.h"

namespace remit {

struct BundlePolicies {
  std::shared_ptr<Policies> policies;
  bool has_code = false;  // every body is native, whatever the interner knew before
};

// Errors: those of Bundle::Load and of LoadImage, "code-target" among them: the code is for another processor. Such a bundle is refused and not
// quietly interpreted: whoever ships code counts on it.
auto ToPolicies(const Bundle& bundle, Interner& interner) -> Expected<BundlePolicies>;

}  // namespace remit
