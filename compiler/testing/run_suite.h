// All tests of a policy set, each on every engine; a difference between engines fails a test that each of them passes.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "compiler/testing/test_run.h"

namespace remit::tests {

struct SuiteOptions {
  std::function<bool(std::string_view title)> wanted = {};  // none: all
  bool stops_at_failure = false;
};

// The tests of the tree, in the order of the source.
auto ListTests(const ast::Ast& ast) -> std::vector<const ast::Statement*>;

// `engines`: at least one.
auto RunSuite(const RunContext& context, const std::vector<std::unique_ptr<TestEngine>>& engines, const SuiteOptions& options)
    -> SuiteResult;

}  // namespace remit::tests
