// Requests find the environment of their kind, and no other.
#include "runtime/ir/environment_index.h"

#include <gtest/gtest.h>

namespace remit::ir {
namespace {

TEST(EnvironmentIndex, FindsEveryEnvironmentByAllThreeParts) {
  Program program;
  for (uint32_t principal = 0; principal < 5; ++principal) {
    for (uint32_t action = 0; action < 5; ++action) {
      for (uint32_t resource = 0; resource < 5; ++resource) {
        program.environments.push_back({.principal_type = {principal}, .action = {{7}, {action}}, .resource_type = {resource}});
      }
    }
  }
  const EnvironmentIndex index(program);
  EXPECT_EQ(index.size(), 125U);
  for (uint32_t i = 0; i < program.environments.size(); ++i) {
    const auto& environment = program.environments[i];
    EXPECT_EQ(index.Find(environment.principal_type, environment.action, environment.resource_type), i);
  }
}

TEST(EnvironmentIndex, FindsNothingElse) {
  Program program;
  EXPECT_EQ(EnvironmentIndex(program).Find({1}, {{2}, {3}}, {4}), std::nullopt);
  program.environments.push_back({.principal_type = {1}, .action = {{2}, {3}}, .resource_type = {4}});
  const EnvironmentIndex index(program);
  EXPECT_EQ(index.Find({1}, {{2}, {3}}, {4}), 0U);
  EXPECT_EQ(index.Find({4}, {{2}, {3}}, {1}), std::nullopt);
  EXPECT_EQ(index.Find({1}, {{3}, {2}}, {4}), std::nullopt);
  EXPECT_EQ(index.Find({1}, {{2}, {3}}, {}), std::nullopt);
}

}  // namespace
}  // namespace remit::ir
