#include "runtime/audit/merkle.h"

#include <bit>

#include "runtime/base/check.h"

namespace remit::audit {
namespace {

// The largest power of two below `size`, which is at least two: where a tree is cut in two.
auto SplitOf(uint64_t size) -> uint64_t { return std::bit_floor(size - 1); }

// RFC 9162, 2.1.4.1: SUBPROOF(first, leaves[begin..end], is_whole). `first` counts from `begin`.
void AddSubproof(uint64_t first, LeafRange leaves, bool is_whole, std::vector<LeafRange>& path) {
  const uint64_t size = leaves.end - leaves.begin;
  if (first == size) {
    if (!is_whole) path.push_back(leaves);
    return;
  }
  const uint64_t middle = leaves.begin + SplitOf(size);
  if (first <= middle - leaves.begin) {
    AddSubproof(first, {.begin = leaves.begin, .end = middle}, is_whole, path);
    path.push_back({.begin = middle, .end = leaves.end});
  } else {
    AddSubproof(first - (middle - leaves.begin), {.begin = middle, .end = leaves.end}, false, path);
    path.push_back({.begin = leaves.begin, .end = middle});
  }
}

// Which steps up of the last leaf's path in the smaller tree are a right child's, after those that its subtree has in common with the larger.
struct Climb {
  uint64_t node;
  uint64_t last;

  auto IsRight() const -> bool { return (node & 1) != 0 || node == last; }
  void SkipOnlyChildren() {
    while ((node & 1) == 0 && node != 0) Up();
  }
  void Up() {
    node >>= 1;
    last >>= 1;
  }
};

}  // namespace

CompactRange::CompactRange(uint64_t size, std::vector<Hash> peaks) : size_(size), peaks_(std::move(peaks)) {
  CHECK(peaks_.size() == PeaksOf(size_), "a tree has one peak for each bit of its size");
}

auto CompactRange::PeaksOf(uint64_t size) -> size_t { return static_cast<size_t>(std::popcount(size)); }

void CompactRange::Append(const Hash& leaf) {
  Hash hash = leaf;
  for (uint64_t rest = size_; (rest & 1) != 0; rest >>= 1) {
    hash = NodeHash(peaks_.back(), hash);
    peaks_.pop_back();
  }
  peaks_.push_back(hash);
  ++size_;
}

auto CompactRange::Root() const -> Hash {
  if (peaks_.empty()) return EmptyRoot();
  Hash hash = peaks_.back();
  for (size_t i = peaks_.size() - 1; i-- > 0;) hash = NodeHash(peaks_[i], hash);
  return hash;
}

auto InclusionPath(uint64_t index, uint64_t size) -> std::vector<LeafRange> {
  CHECK(index < size, "a proof is of a leaf");
  std::vector<LeafRange> path;
  for (LeafRange leaves = {.begin = 0, .end = size}; leaves.end - leaves.begin > 1;) {
    const uint64_t middle = leaves.begin + SplitOf(leaves.end - leaves.begin);
    const LeafRange left = {.begin = leaves.begin, .end = middle};
    const LeafRange right = {.begin = middle, .end = leaves.end};
    path.push_back(index < middle ? right : left);
    leaves = index < middle ? left : right;
  }
  return {path.rbegin(), path.rend()};
}

auto ConsistencyPath(uint64_t first, uint64_t second) -> std::vector<LeafRange> {
  CHECK(first > 0 && first <= second, "a tree extends a smaller one");
  std::vector<LeafRange> path;
  AddSubproof(first, {.begin = 0, .end = second}, true, path);
  return path;
}

auto VerifyInclusion(uint64_t index, uint64_t size, const Hash& leaf, std::span<const Hash> proof, const Hash& root) -> bool {
  if (index >= size) return false;
  Climb climb = {.node = index, .last = size - 1};
  Hash hash = leaf;
  for (const Hash& sibling : proof) {
    if (climb.last == 0) return false;
    if (climb.IsRight()) {
      hash = NodeHash(sibling, hash);
      if ((climb.node & 1) == 0) climb.SkipOnlyChildren();
    } else {
      hash = NodeHash(hash, sibling);
    }
    climb.Up();
  }
  return climb.last == 0 && hash == root;
}

auto VerifyConsistency(uint64_t first, uint64_t second, const Hash& first_root, const Hash& second_root, std::span<const Hash> proof)
    -> bool {
  if (first > second) return false;
  if (first == second) return proof.empty() && first_root == second_root;
  if (first == 0) return proof.empty() && first_root == EmptyRoot();
  // A smaller tree that is perfect is a node of the larger one; its root is not in the proof.
  const bool is_node = std::has_single_bit(first);
  if (!is_node && proof.empty()) return false;
  Climb climb = {.node = first - 1, .last = second - 1};
  while ((climb.node & 1) != 0) climb.Up();
  Hash in_first = is_node ? first_root : proof.front();
  Hash in_second = in_first;
  for (const Hash& sibling : proof.subspan(is_node ? 0 : 1)) {
    if (climb.last == 0) return false;
    if (climb.IsRight()) {
      in_first = NodeHash(sibling, in_first);
      in_second = NodeHash(sibling, in_second);
      if ((climb.node & 1) == 0) climb.SkipOnlyChildren();
    } else {
      in_second = NodeHash(in_second, sibling);
    }
    climb.Up();
  }
  return climb.last == 0 && in_first == first_root && in_second == second_root;
}

}  // namespace remit::audit
