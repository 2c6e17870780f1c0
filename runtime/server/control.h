// What callers may do on the control plane, by policy: actions of the namespace `Remit` on `Remit::Server::"self"`.
//
// Policies of their own, stdlib/packs/server.remit and what the configuration names, apart from those that are published: a publication that breaks could
// else take away the right to publish the next one.
//
// Threads: any; const.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "compiler/driver/compile_job.h"
#include "runtime/base/error.h"
#include "runtime/server/caller.h"

namespace remit::server {

class ControlPolicies {
 public:
  // The shipped ones and those of these files, checked with the schema `builtin:server` and the entity types that callers may have besides. The error's
  // message has the diagnostics: "control-policies-invalid", "cannot-read".
  static auto Load(const std::vector<std::string>& files, std::vector<std::string> caller_types)
      -> Expected<std::unique_ptr<ControlPolicies>>;

  // Everything the caller may do. A policy that fails permits nothing, and one that forbids and fails forbids.
  auto RightsOf(const Caller& caller) const -> Rights;

 private:
  explicit ControlPolicies() : job_(Limits{}) {}

  CompileJob job_;
  std::optional<ir::Program> program_;
};

}  // namespace remit::server
