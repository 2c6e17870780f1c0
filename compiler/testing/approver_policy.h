// Who may approve, by policy: the shipped policies and those of the project (docs/approvals.md).
//
// Of the project `permit` and `forbid` alone: an approval that had to be paid for, or approved, would end nowhere. Where they read budgets and
// breakers, nothing is used there and nothing is open.
#pragma once

#include <memory>
#include <optional>

#include "compiler/driver/compile_job.h"
#include "runtime/approval/escalation.h"

namespace remit::tests {

class ApproverPolicy {
 public:
  // Copies what it needs of the job; shares its interner. None if the policies do not compile: then the job's do not, either.
  static auto Compile(const CompileJob& job) -> std::unique_ptr<ApproverPolicy>;

  // `people`: the entities to decide on.
  auto MayApprove(const approval::UidText& person, const approval::Escalation& escalation, const EntityStore& people, Datetime now)
      -> Expected<bool>;

 private:
  explicit ApproverPolicy(const CompileJob& job) : job_(job.limits, job.shared_interner) {}

  CompileJob job_;
  std::optional<ir::Program> program_;
};

}  // namespace remit::tests
