// The part of the hierarchy that a change touches, as numbers: its entities, and for each of them the rows of its parents.
//
// Looked up once, when parents are written down, so that neither the search for cycles nor the closure hashes a uid again.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

#include "runtime/entity/entity_index.h"

namespace remit {

struct ParentEdges {
  std::vector<uint32_t> rows;               // of the entities; their places in here are their positions
  std::vector<uint32_t> first_parent = {0};  // parents of i: parent_rows[first_parent[i] .. first_parent[i + 1])
  std::vector<uint32_t> parent_rows;        // whether or not an entity has the row; EntityIndex::kNoRow: none has

  void Reserve(size_t count) {
    rows.reserve(count);
    first_parent.reserve(count + 1);
    parent_rows.reserve(count * 2);
  }
  // Ends the parents of the last entity: they were put into `parent_rows` before.
  void Close(uint32_t row) {
    rows.push_back(row);
    first_parent.push_back(static_cast<uint32_t>(parent_rows.size()));
  }
  auto size() const -> uint32_t { return static_cast<uint32_t>(rows.size()); }
  auto parents_of(uint32_t position) const -> std::span<const uint32_t> {
    return std::span(parent_rows).subspan(first_parent[position], first_parent[position + 1] - first_parent[position]);
  }
};

// Rows to positions. A vector where rows lie close together, so that loading costs no hashing, nor do the entities of a request, whose rows come
// after those of the store.
class RowPositions {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  explicit RowPositions(std::span<const uint32_t> rows);

  auto Of(uint32_t row) const -> uint32_t {
    if (row == EntityIndex::kNoRow) return kNone;
    if (!dense_.empty()) return row - first_ < dense_.size() ? dense_[row - first_] : kNone;  // rows before it become large numbers
    const auto it = sparse_.find(row);
    return it == sparse_.end() ? kNone : it->second;
  }

 private:
  uint32_t first_ = 0;
  std::vector<uint32_t> dense_;
  std::unordered_map<uint32_t, uint32_t> sparse_;
};

// Positions, parents before those below them. Those of a cycle, and those above one, are left out.
auto ParentsFirst(const ParentEdges& edges, const RowPositions& positions) -> std::vector<uint32_t>;

// The position of one member of a cycle, if `order`, which is ParentsFirst's, leaves entities out.
auto FindCycle(const ParentEdges& edges, const RowPositions& positions, std::span<const uint32_t> order) -> std::optional<uint32_t>;

}  // namespace remit
