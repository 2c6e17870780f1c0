// A bundle from a file as what decides, beside a compile job, for whoever speaks about it.
#pragma once

#include <memory>
#include <string>

#include "compiler/driver/compile_job.h"
#include "runtime/engine/policies.h"

namespace remit {

// Which code of a bundle decides. IfThere: the interpreter does for a bundle without any.
enum class BundleCodeUse : uint8_t { IfThere, Required, Ignored };

struct DecidableBundle {
  std::shared_ptr<Policies> policies;
  bool is_native = false;
};

// The bundle's source texts become the job's, which has none so far. Errors: those of Bundle and LoadImage, "bundle-without-code".
auto LoadBundle(CompileJob& job, const std::string& path, BundleCodeUse use) -> Expected<DecidableBundle>;

}  // namespace remit
