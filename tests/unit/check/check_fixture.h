// Checks policies against a schema for the tests of this folder.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "compiler/driver/check.h"

namespace remit {

class CheckJob {
 public:
  CheckJob(const std::string& schema, const std::string& policies, check::CheckOptions options = {}) {
    schema_ = LoadSchema(job_, "s.cedarschema", schema);
    EXPECT_TRUE(schema_.has_value()) << Formatted();
    parsed_ = LoadPolicies(job_, "p.remit", policies, PolicyFormat::Text);
    if (schema_ && parsed_) typed_ = CheckPolicies(job_, *schema_, ast::IdConvention::Remit, options);
  }

  auto parsed() const -> bool { return parsed_; }
  auto ok() const -> bool { return typed_ != nullptr && typed_->ok(); }
  auto typed() -> check::TypedPolicySet& { return *typed_; }
  auto job() const -> const CompileJob& { return job_; }

  // Codes in the order of the text.
  auto Codes() const -> std::vector<std::string> {
    std::vector<std::string> codes;
    for (const auto& diagnostic : job_.sink.diagnostics()) codes.emplace_back(CodeName(diagnostic.code));
    return codes;
  }
  auto Count(std::string_view code) const -> size_t { return static_cast<size_t>(std::ranges::count(Codes(), code)); }
  auto Formatted() const -> std::string {
    std::string all;
    for (const auto& diagnostic : job_.sink.diagnostics()) all += FormatDiagnostic(diagnostic, job_.sources);
    return all;
  }

 private:
  CompileJob job_;
  std::optional<Schema> schema_;
  bool parsed_ = false;
  std::unique_ptr<check::TypedPolicySet> typed_;
};

}  // namespace remit
