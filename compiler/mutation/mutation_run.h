// Runs the tests on each mutant: which of them does no test notice?
//
// A mutant is tried on the interpreter, by the tests that reach its statement, until one fails. Each thread has a job of its own, read from the same
// files; nothing is shared but the list of what is to be done.
#pragma once

#include <chrono>
#include <memory>

#include "compiler/driver/compile_job.h"
#include "compiler/mutation/mutants.h"
#include "compiler/testing/test_run.h"

namespace remit::mutation {

enum class Fate : uint8_t {
  Killed,  // a test fails
  Survived,  // tests reach the statement, and all pass
  Unreached,  // no test reaches it
  Invalid,  // it does not compile or does not check: nobody could publish it
  Equivalent,  // no request can tell it from the original
  TimedOut,  // its tests took longer than one mutant may: neither noticed nor not
  NotRun  // the time was over
};
auto FateName(Fate fate) -> std::string_view;

// As plain data: the texts belong to the job that it was found in.
struct MutantResult {
  Mutation mutation;
  Fate fate = Fate::NotRun;
  std::string statement;  // its id
  Span span;
  std::string after;
  std::string killed_by;  // title of a test
  size_t tests = 0;  // that were run
};

struct MutationResult {
  std::vector<MutantResult> mutants;  // in the order of the source

  auto Count(Fate fate) const -> size_t;
  // Killed of those that count, 0 to 100; none: 100. Invalid and equivalent ones do not count, nor those that were not run, or not to the end.
  auto score() const -> double;
};

// What a thread works on.
struct MutationInput {
  std::unique_ptr<CompileJob> job;
  EntityStore entities;
  std::optional<Schema> schema;
};

struct MutationOptions {
  Datetime start = {};
  std::function<bool(std::string_view title)> wanted = {};  // none: all tests
  std::chrono::milliseconds time = std::chrono::minutes(5);
  std::chrono::milliseconds each = std::chrono::seconds(30);  // of one mutant; looked at between its tests
};

// One input for each thread, all read from the same files. An error if the tests do not pass as they are: "tests-fail", "no-tests".
auto RunMutants(const std::vector<MutationInput>& inputs, const MutationOptions& options) -> Expected<MutationResult>;

}  // namespace remit::mutation
