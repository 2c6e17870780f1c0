// One test on one engine: its steps, in order, with a clock and entities of its own.
//
// A step that fails is noted and the next one runs, as long as it makes sense: what comes after a refused request does not.
#pragma once

#include <vector>

#include "compiler/testing/statement_places.h"
#include "compiler/testing/test_entities.h"
#include "compiler/testing/test_result.h"
#include "compiler/testing/test_world.h"

namespace remit::tests {

// What every test of a run reads. All of it outlives the runs.
struct RunContext {
  const ast::Ast& ast;
  const StatementPlaces& places;
  const SourceManager& sources;
  Interner& interner;
  const EntityStore& entities;
  const Schema* schema = nullptr;
  ApproverPolicy& approvers;
  const approval::SigningKey& key;  // signs the approvals of this run
  Datetime start = {};              // where the clock of each test begins
};

// A decision, and the step it was made in.
struct StepDecision {
  Span step;
  Decision decision;
};

struct RunResult {
  std::vector<StepFailure> failures;
  std::vector<StepDecision> decisions;
  std::vector<Edit> edits;
};

auto RunTest(const RunContext& context, TestEngine& engine, const ast::Test& test) -> RunResult;

}  // namespace remit::tests
