#include "runtime/ir/environment_index.h"

namespace remit::ir {

auto EnvironmentIndex::Hash::operator()(const Key& key) const -> size_t {
  constexpr uint64_t kMix = 0x9e3779b97f4a7c15;  // odd, without a pattern
  const uint64_t types = (uint64_t{key.principal_type.value} << 32) | key.resource_type.value;
  const uint64_t mixed = (key.action.packed() * kMix ^ types) * kMix;
  return mixed ^ (mixed >> 32);
}

EnvironmentIndex::EnvironmentIndex(const Program& program) {
  positions_.reserve(program.environments.size());
  for (uint32_t i = 0; i < program.environments.size(); ++i) {
    const auto& [principal, action, resource, groups] = program.environments[i];
    positions_.try_emplace({.principal_type = principal, .action = action, .resource_type = resource}, i);
  }
}

auto EnvironmentIndex::Find(SymbolId principal_type, EntityUid action, SymbolId resource_type) const -> std::optional<uint32_t> {
  const auto it = positions_.find({.principal_type = principal_type, .action = action, .resource_type = resource_type});
  return it == positions_.end() ? std::nullopt : std::optional(it->second);
}

}  // namespace remit::ir
