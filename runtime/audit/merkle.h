// Merkle trees over records (RFC 9162, section 2.1): a root from a stream of leaves, and proofs that others can check.
//
// A tree is never in memory: of n leaves a CompactRange keeps the hashes of at most 64 perfect subtrees, which is all that its root depends on. Tiles
// of inner nodes, the alternative, make proofs of old records cheap and cost a second file for each segment; proofs are asked for rarely.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "runtime/audit/tree_hash.h"

namespace remit::audit {

class CompactRange {
 public:
  CompactRange() = default;
  // The perfect subtrees of a tree of `size` leaves, largest first; there are as many as `size` has bits that are set.
  CompactRange(uint64_t size, std::vector<Hash> peaks);

  void Append(const Hash& leaf);
  auto Root() const -> Hash;
  auto size() const -> uint64_t { return size_; }
  auto peaks() const -> std::span<const Hash> { return peaks_; }

  // The number of peaks of a tree of this size.
  static auto PeaksOf(uint64_t size) -> size_t;

 private:
  uint64_t size_ = 0;
  std::vector<Hash> peaks_;
};

// Leaves [begin, end) whose tree's hash is one node of a proof.
struct LeafRange {
  uint64_t begin = 0;
  uint64_t end = 0;

  friend auto operator==(const LeafRange&, const LeafRange&) -> bool = default;
};

// What the hashes of a proof are of, in the order of the proof. `index` < `size`; 0 < `first` <= `second`.
auto InclusionPath(uint64_t index, uint64_t size) -> std::vector<LeafRange>;
auto ConsistencyPath(uint64_t first, uint64_t second) -> std::vector<LeafRange>;

// RFC 9162, 2.1.3.2 and 2.1.4.2. Of a tree of no leaves everything is an extension, by a proof without hashes.
auto VerifyInclusion(uint64_t index, uint64_t size, const Hash& leaf, std::span<const Hash> proof, const Hash& root) -> bool;
auto VerifyConsistency(uint64_t first, uint64_t second, const Hash& first_root, const Hash& second_root, std::span<const Hash> proof)
    -> bool;

}  // namespace remit::audit
