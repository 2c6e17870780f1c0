// Depth-first order of a graph, with its cycles. Iterative: a chain of a hundred thousand names must not need stack.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace remit {

struct DependencyOrder {
  std::vector<uint32_t> order;                // every node after those it depends on, but where there is a cycle
  std::vector<std::vector<uint32_t>> cycles;  // one for each edge that closes a cycle; the nodes along it
};

// `edges[i]` are the nodes that node i depends on.
auto SortByDependency(const std::vector<std::vector<uint32_t>>& edges) -> DependencyOrder;

// `A` -> `B` -> `A`; of a long cycle the first four steps.
template <typename Text>
auto DescribeCycle(const std::vector<uint32_t>& cycle, const Text& text) -> std::string {
  constexpr size_t kShown = 4;
  std::string path;
  for (size_t i = 0; i < std::min(cycle.size(), kShown); ++i) path += fmt::format("`{}` -> ", text(cycle[i]));
  if (cycle.size() > kShown) path += fmt::format("({} more) -> ", cycle.size() - kShown);
  return path + fmt::format("`{}`", text(cycle[0]));
}

}  // namespace remit
