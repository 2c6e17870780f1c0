#include "compiler/schema/find_cycles.h"

#include <algorithm>

namespace remit {
namespace {

enum class Mark : uint8_t { New, OnPath, Done };

struct Step {
  uint32_t node;
  size_t next_edge = 0;
};

// The part of the path from `node` on.
auto CycleFrom(const std::vector<Step>& path, uint32_t node) -> std::vector<uint32_t> {
  const auto begin = std::ranges::find(path, node, &Step::node);
  std::vector<uint32_t> cycle;
  std::transform(begin, path.end(), std::back_inserter(cycle), [](const Step& step) { return step.node; });
  return cycle;
}

}  // namespace

auto SortByDependency(const std::vector<std::vector<uint32_t>>& edges) -> DependencyOrder {
  // Each cycle is as long as the graph at worst, so only so many are told apart.
  constexpr size_t kMostCycles = 100;
  DependencyOrder result;
  std::vector<Mark> marks(edges.size(), Mark::New);
  std::vector<Step> path;
  for (uint32_t root = 0; root < edges.size(); ++root) {
    if (marks[root] != Mark::New) continue;
    path.push_back({.node = root});
    marks[root] = Mark::OnPath;
    while (!path.empty()) {
      auto& [node, next_edge] = path.back();
      if (next_edge == edges[node].size()) {
        marks[node] = Mark::Done;
        result.order.push_back(node);
        path.pop_back();
        continue;
      }
      const uint32_t target = edges[node][next_edge++];
      if (marks[target] == Mark::New) {
        marks[target] = Mark::OnPath;
        path.push_back({.node = target});
      } else if (marks[target] == Mark::OnPath && result.cycles.size() < kMostCycles) {
        result.cycles.push_back(CycleFrom(path, target));
      }
    }
  }
  return result;
}

}  // namespace remit
