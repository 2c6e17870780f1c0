// Policies, entities and a request that is only partly known, for the tests of this folder.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "compiler/ast/printer.h"
#include "compiler/driver/partial.h"

namespace remit {

class PartialJob {
 public:
  PartialJob(const std::string& schema, const std::string& policies, const std::string& links = "") {
    auto loaded = LoadSchema(job_, "s.cedarschema", schema);
    EXPECT_TRUE(loaded.has_value()) << Formatted();
    schema_ = std::make_unique<Schema>(std::move(*loaded));
    parsed_ = LoadPolicies(job_, "p.remit", policies, PolicyFormat::Text);
    if (!links.empty()) parsed_ = LoadLinks(job_, "links.json", links) && parsed_;
    ids_ = StatementIds(job_, ast::IdConvention::Remit);
    if (parsed_) typed_ = CheckForPartial(job_, *schema_, ids_);
  }

  auto ok() const -> bool { return typed_ != nullptr; }
  auto job() -> CompileJob& { return job_; }
  auto schema() const -> const Schema& { return *schema_; }
  auto ids() const -> const std::vector<std::string>& { return ids_; }
  auto typed() -> check::TypedPolicySet& { return *typed_; }

  // Before entities are read.
  void SetForbidErrors(partial::ForbidErrors forbid_errors) { forbid_errors_ = forbid_errors; }
  // Entities that may leave parts out; or all there are.
  void ReadPartial(const std::string& json) { Take(LoadPartialEntities(job_, "e.json", json, *schema_, known_), &known_); }
  void ReadComplete(const std::string& json) { Take(LoadEntities(job_, "e.json", json, schema_.get()), nullptr); }

  auto evaluator() -> partial::PartialEvaluator& { return *evaluator_; }
  auto store() const -> const EntityStore& { return store_; }

  auto Request(const PartialInput& input) -> Expected<partial::PartialRequest> {
    return ReadPartialRequest(input, *schema_, job_.interner, arena_, job_.limits);
  }
  auto Evaluate(const PartialInput& input) -> partial::PartialAnswer {
    const auto request = Request(input);
    EXPECT_TRUE(request.has_value()) << (request ? "" : FormatError(request.error()));
    return request ? evaluator_->Evaluate(*request) : partial::PartialAnswer{};
  }
  // What the first policy comes to: "true", "false", "fails: CODE", or the residual condition.
  auto First(const PartialInput& input) -> std::string {
    const auto answer = Evaluate(input);
    if (answer.policies.empty()) return "none";
    const auto& policy = answer.policies[0];
    switch (policy.state) {
      case partial::PolicyState::Satisfied: return "true";
      case partial::PolicyState::NotSatisfied: return "false";
      case partial::PolicyState::Fails: return "fails: " + policy.error->code;
      case partial::PolicyState::Residual: return ast::PrintExpr(answer.exprs, policy.condition, job_.interner);
    }
    return "";
  }

  auto Formatted() const -> std::string {
    std::string all;
    for (const auto& diagnostic : job_.sink.diagnostics()) all += FormatDiagnostic(diagnostic, job_.sources);
    return all;
  }

 private:
  void Take(std::optional<EntityStore> store, const KnownPartsMap* known) {
    ASSERT_TRUE(store.has_value()) << Formatted();
    store_ = std::move(*store);
    entities_ = std::make_unique<partial::KnownEntities>(store_, *schema_, known);
    evaluator_ = std::make_unique<partial::PartialEvaluator>(job_.ast, ids_, *typed_, *entities_, job_.interner, forbid_errors_);
  }

  CompileJob job_;
  std::unique_ptr<Schema> schema_;
  bool parsed_ = false;
  std::vector<std::string> ids_;
  std::unique_ptr<check::TypedPolicySet> typed_;
  partial::ForbidErrors forbid_errors_ = partial::ForbidErrors::Skip;
  EntityStore store_;
  KnownPartsMap known_;
  std::unique_ptr<partial::KnownEntities> entities_;
  std::unique_ptr<partial::PartialEvaluator> evaluator_;
  Arena arena_;
};

}  // namespace remit
