// How a decision is shown: as text, as a row of a table, as JSON.
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/compile_job.h"
#include "compiler/driver/decide.h"
#include "runtime/governor/governor.h"

namespace remit::cli {

// The names of the policies that an answer speaks of.
struct PolicyIds {
  const ir::Program& program;
  const Interner& interner;

  auto operator()(uint32_t policy) const -> std::string_view { return interner.text(program.policies[policy].id); }
};

struct DecidedAnswer {
  RequestAnswer answer;
  std::optional<GovernedDecision> governed = {};  // with a ledger; its decision is the answer's
};

// One answer for people: outcome, determining policies with their places, errors with the source under them.
auto AnswerText(const DecidedAnswer& decided, const PolicyIds& ids, const CompileJob& job, bool color) -> std::string;

// {"id", "decision", "outcome", "reason": [..], "errors": [{"policyId", "code", "message"}]}, and what docs/cli.md lists for some.
auto AnswerJson(const DecidedAnswer& decided, const PolicyIds& ids) -> std::string;

// A request that could not be read: denied, with the error beside.
auto RefusalJson(uint64_t line, const Error& error) -> std::string;

// Collects rows, then lays them out: columns as wide as their contents.
class AnswerTable {
 public:
  explicit AnswerTable(bool color) : color_(color) {}

  void Add(const DecidedAnswer& decided, const PolicyIds& ids);
  void AddError(uint64_t line, const Error& error);
  auto Finish() const -> std::string;

 private:
  struct Row {
    std::vector<std::string> cells;
    Outcome outcome;
    std::vector<std::string> notes;  // lines below the row
  };

  bool color_;
  std::vector<Row> rows_;
};

}  // namespace remit::cli
