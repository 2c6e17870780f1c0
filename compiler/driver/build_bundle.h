// From a compile job to the bytes of a bundle.
#pragma once

#include <optional>
#include <string>

#include "compiler/driver/compile_job.h"
#include "compiler/driver/native.h"

namespace remit {

struct BuildOptions {
  ast::IdConvention ids = ast::IdConvention::Remit;
  // Null: no native code.
  std::shared_ptr<NativeCompiler> native = nullptr;
  std::string target = {};  // of runtime/native/target.h; empty: this machine's
};

struct BuiltBundle {
  std::string bytes;
  size_t policies = 0;
  size_t shapes = 0;
  size_t code_bytes = 0;
};

// The job's policies and links with the schema, which may be null. Mistakes are diagnostics in the job's sink; then there is no bundle and no error.
// Errors: "native-target".
auto BuildBundle(CompileJob& job, const Schema* schema, const BuildOptions& options) -> Expected<std::optional<BuiltBundle>>;

}  // namespace remit
