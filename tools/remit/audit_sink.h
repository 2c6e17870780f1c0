// Where what a verb decides is recorded, durably before it is printed.
#pragma once

#include <memory>
#include <string>

#include "compiler/driver/decide.h"
#include "runtime/audit/log.h"
#include "runtime/audit/masked_values.h"
#include "runtime/governor/decision_record.h"
#include "tools/remit/verb.h"

namespace remit::cli {

struct AuditSinkOptions {
  std::string folder;
  std::string key;
  std::string origin = "remit";
  std::string policy_version;  // hexadecimal digits
  std::vector<std::string> mask;
};
// But for the folder.
void AddAuditSinkOptions(CLI::App& verb, AuditSinkOptions& options);

class AuditSink {
 public:
  static auto Open(const AuditSinkOptions& options) -> Expected<std::unique_ptr<AuditSink>>;

  // The record as a line of JSON. `json`: the request as it was decided. An error means that the decision must not be shown.
  auto Record(std::string_view json, const Expected<RequestAnswer>& answer, const PolicyEnvironment& environment, Datetime now)
      -> Expected<std::string>;

 private:
  auto Mask(std::string_view subject, std::string& context, std::string& entities) -> Expected<std::vector<std::string>>;

  std::string version_;
  std::optional<audit::Masker> masker_;
  std::unique_ptr<audit::MaskedValues> values_;
  std::unique_ptr<audit::Log> log_;
  DecisionDescriber describer_;
};

}  // namespace remit::cli
