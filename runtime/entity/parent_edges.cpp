// A topological order (Kahn's), taken from below: it needs no lists of children. Depth-first search, the usual way, needs a stack as deep as the
// hierarchy.
#include "runtime/entity/parent_edges.h"

#include <algorithm>

namespace remit {

RowPositions::RowPositions(std::span<const uint32_t> rows) {
  if (rows.empty()) return;
  const auto [first, last] = std::ranges::minmax(rows);
  if (last - first < rows.size() * 8 + 64) {
    first_ = first;
    dense_.assign(size_t{last} - first + 1, kNone);
    for (uint32_t i = 0; i < rows.size(); ++i) dense_[rows[i] - first] = i;
  } else {
    for (uint32_t i = 0; i < rows.size(); ++i) sparse_.emplace(rows[i], i);
  }
}

auto ParentsFirst(const ParentEdges& edges, const RowPositions& positions) -> std::vector<uint32_t> {
  std::vector<uint32_t> children(edges.size(), 0);  // how many are not in the order yet
  for (const uint32_t row : edges.parent_rows) {
    if (const uint32_t parent = positions.Of(row); parent != RowPositions::kNone) ++children[parent];
  }
  std::vector<uint32_t> order;
  order.reserve(edges.size());
  for (uint32_t i = 0; i < edges.size(); ++i) {
    if (children[i] == 0) order.push_back(i);
  }
  for (size_t done = 0; done < order.size(); ++done) {
    for (const uint32_t row : edges.parents_of(order[done])) {
      const uint32_t parent = positions.Of(row);
      if (parent != RowPositions::kNone && --children[parent] == 0) order.push_back(parent);
    }
  }
  std::ranges::reverse(order);
  return order;
}

// Each entity left out has a child that is left out too, so going down must come round.
auto FindCycle(const ParentEdges& edges, const RowPositions& positions, std::span<const uint32_t> order) -> std::optional<uint32_t> {
  if (order.size() == edges.size()) return std::nullopt;
  std::vector<bool> is_ordered(edges.size(), false);
  for (const uint32_t i : order) is_ordered[i] = true;
  std::vector<uint32_t> child_of(edges.size(), RowPositions::kNone);
  for (uint32_t i = 0; i < edges.size(); ++i) {
    if (is_ordered[i]) continue;
    for (const uint32_t row : edges.parents_of(i)) {
      if (const uint32_t parent = positions.Of(row); parent != RowPositions::kNone) child_of[parent] = i;
    }
  }
  auto at = static_cast<uint32_t>(std::ranges::find(is_ordered, false) - is_ordered.begin());
  for (std::vector<bool> visited(edges.size(), false); !visited[at]; at = child_of[at]) visited[at] = true;
  return at;
}

}  // namespace remit
