// Engines keep an answer a policy, so no policy may be in an environment twice. Policies that are in one group alone cannot be; only the others are
// looked for in each environment, and the looking is bounded, since a short text can name the same large groups in many environments.
#include "runtime/ir/verify_environments.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "runtime/ir/environment_index.h"

namespace remit::ir {
namespace {

using Problem = std::optional<std::string>;

constexpr uint64_t kMostLookedAt = uint64_t{1} << 28;

class EnvironmentChecker {
 public:
  EnvironmentChecker(const Program& program, const std::vector<bool>& returns) : program_(program), returns_(returns) {}

  auto Check() -> Problem {
    for (size_t i = 0; i < program_.groups.size(); ++i) {
      if (auto problem = CheckGroup(program_.groups[i])) return fmt::format("group {}: {}", i, *problem);
    }
    if (EnvironmentIndex(program_).size() != program_.environments.size()) return "there are two environments for one kind of request";
    ListRepeated();
    seen_in_.assign(program_.policies.size(), UINT32_MAX);
    for (uint32_t i = 0; i < program_.environments.size(); ++i) {
      if (auto problem = CheckEnvironment(i)) return fmt::format("environment {}: {}", i, *problem);
    }
    return std::nullopt;
  }

 private:
  auto CheckGroup(const VariantGroup& group) const -> Problem {
    if (std::ranges::adjacent_find(group, std::ranges::greater_equal{}, &Variant::policy) != group.end()) {
      return "policies are not ascending";
    }
    for (const auto& variant : group) {
      if (variant.policy >= program_.policies.size()) return "policy out of range";
      if (variant.body >= returns_.size()) return "body out of range";
      if (returns_[variant.body]) return "the body of a policy returns a value";
    }
    return std::nullopt;
  }

  // By group: its policies that are in other groups, too.
  void ListRepeated() {
    std::vector<uint32_t> uses(program_.policies.size());
    for (const auto& group : program_.groups) {
      for (const auto& variant : group) ++uses[variant.policy];
    }
    for (const auto& group : program_.groups) {
      auto& repeated = repeated_.emplace_back();
      for (const auto& variant : group) {
        if (uses[variant.policy] > 1) repeated.push_back(variant.policy);
      }
    }
  }

  auto CheckEnvironment(uint32_t index) -> Problem {
    const auto& environment = program_.environments[index];
    const bool is_named = environment.principal_type.has_value() && environment.resource_type.has_value() &&
                          environment.action.type.has_value() && environment.action.id.has_value();
    if (!is_named) return "a type or the action is missing";
    if (std::ranges::adjacent_find(environment.groups, std::ranges::greater_equal{}) != environment.groups.end()) {
      return "groups are not ascending";
    }
    for (const uint32_t group : environment.groups) {
      if (group >= program_.groups.size()) return "group out of range";
      looked_at_ += repeated_[group].size();
      if (looked_at_ > kMostLookedAt) return "too many policies in too many environments";
      for (const uint32_t policy : repeated_[group]) {
        if (seen_in_[policy] == index) return "a policy is in two of the groups";
        seen_in_[policy] = index;
      }
    }
    return std::nullopt;
  }

  const Program& program_;
  const std::vector<bool>& returns_;
  std::vector<std::vector<uint32_t>> repeated_;
  std::vector<uint32_t> seen_in_;  // by policy: the last environment it was seen in
  uint64_t looked_at_ = 0;
};

}  // namespace

auto CheckEnvironments(const Program& program, const std::vector<bool>& returns) -> std::optional<std::string> {
  return EnvironmentChecker(program, returns).Check();
}

}  // namespace remit::ir
