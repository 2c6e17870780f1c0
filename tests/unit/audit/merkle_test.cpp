// Trees and proofs against the known answers of RFC 6962's reference data, against a tree made by its definition, and against every wrong proof of
// small trees.
#include "runtime/audit/merkle.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "runtime/audit/hex.h"

namespace remit::audit {
namespace {

auto Bytes(std::string_view hex) -> std::string { return *BytesOfHex(hex); }
auto Hex(const Hash& hash) -> std::string { return HexOf(BytesOf(hash)); }

// The leaves that implementations of RFC 6962 test with.
const std::vector<std::string> kLeaves = {"",
                                          Bytes("00"),
                                          Bytes("10"),
                                          Bytes("2021"),
                                          Bytes("3031"),
                                          Bytes("40414243"),
                                          Bytes("5051525354555657"),
                                          Bytes("606162636465666768696a6b6c6d6e6f")};

// By size of the tree.
const std::vector<std::string> kRoots = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125", "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7", "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef", "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

// By RFC 9162's definition.
auto RootOf(std::span<const Hash> leaves) -> Hash {
  if (leaves.empty()) return EmptyRoot();
  if (leaves.size() == 1) return leaves.front();
  size_t split = 1;
  while (2 * split < leaves.size()) split *= 2;
  return NodeHash(RootOf(leaves.first(split)), RootOf(leaves.subspan(split)));
}

auto ProofOf(std::span<const Hash> leaves, const std::vector<LeafRange>& path) -> std::vector<Hash> {
  std::vector<Hash> proof;
  for (const auto& range : path) proof.push_back(RootOf(leaves.subspan(range.begin, range.end - range.begin)));
  return proof;
}

auto NumberedLeaves(size_t count) -> std::vector<Hash> {
  std::vector<Hash> leaves;
  for (size_t i = 0; i < count; ++i) leaves.push_back(LeafHash(std::to_string(i)));
  return leaves;
}

TEST(Merkle, RootsAreTheKnownOnes) {
  CompactRange tree;
  EXPECT_EQ(Hex(tree.Root()), kRoots[0]);
  for (size_t i = 0; i < kLeaves.size(); ++i) {
    tree.Append(LeafHash(kLeaves[i]));
    EXPECT_EQ(Hex(tree.Root()), kRoots[i + 1]);
  }
}

TEST(Merkle, AnInclusionProofIsTheKnownOne) {
  std::vector<Hash> leaves;
  for (const auto& leaf : kLeaves) leaves.push_back(LeafHash(leaf));
  const auto proof = ProofOf(leaves, InclusionPath(0, 8));
  ASSERT_EQ(proof.size(), 3U);
  EXPECT_EQ(ToBase64(BytesOf(proof[0])), "lqKW0iTyhcZ77pPDD4owkVfw2qNdxbh+QQt4YwoJz8c=");
  EXPECT_EQ(ToBase64(BytesOf(proof[1])), "Xwg/ChozygdqlSeYMlgNs+DvRYS9/x9UyKNg9Q3jAx4=");
  EXPECT_EQ(ToBase64(BytesOf(proof[2])), "a0eq8p7jwq+a+Im8H7klTavTEXfxYjLdaqsDXKOb9uQ=");
}

// RFC 9162, 2.1.5, of a tree of seven leaves: which nodes each proof consists of.
TEST(Merkle, PathsAreThoseOfTheRfcsExample) {
  using Path = std::vector<LeafRange>;
  EXPECT_EQ(InclusionPath(0, 7), (Path{{1, 2}, {2, 4}, {4, 7}}));
  EXPECT_EQ(InclusionPath(3, 7), (Path{{2, 3}, {0, 2}, {4, 7}}));
  EXPECT_EQ(InclusionPath(4, 7), (Path{{5, 6}, {6, 7}, {0, 4}}));
  EXPECT_EQ(InclusionPath(6, 7), (Path{{4, 6}, {0, 4}}));
  EXPECT_EQ(ConsistencyPath(3, 7), (Path{{2, 3}, {3, 4}, {0, 2}, {4, 7}}));
  EXPECT_EQ(ConsistencyPath(4, 7), (Path{{4, 7}}));
  EXPECT_EQ(ConsistencyPath(6, 7), (Path{{4, 6}, {6, 7}, {0, 4}}));
}

TEST(Merkle, EveryProofOfSmallTreesHolds) {
  const auto leaves = NumberedLeaves(40);
  for (uint64_t size = 1; size <= leaves.size(); ++size) {
    const std::span<const Hash> tree(leaves.data(), size);
    const Hash root = RootOf(tree);
    for (uint64_t index = 0; index < size; ++index) {
      EXPECT_TRUE(VerifyInclusion(index, size, leaves[index], ProofOf(tree, InclusionPath(index, size)), root)) << index << " of " << size;
    }
    for (uint64_t first = 1; first <= size; ++first) {
      EXPECT_TRUE(VerifyConsistency(first, size, RootOf(tree.first(first)), root, ProofOf(tree, ConsistencyPath(first, size))))
          << first << " to " << size;
    }
  }
}

TEST(Merkle, WrongInclusionProofsDoNotHold) {
  const auto leaves = NumberedLeaves(21);
  for (uint64_t size = 1; size <= leaves.size(); ++size) {
    const std::span<const Hash> tree(leaves.data(), size);
    const Hash root = RootOf(tree);
    for (uint64_t index = 0; index < size; ++index) {
      const auto proof = ProofOf(tree, InclusionPath(index, size));
      for (uint64_t other = 0; other <= size; ++other) {
        if (other == index) continue;
        EXPECT_FALSE(VerifyInclusion(other, size, leaves[index], proof, root));
        if (other < size) {
          EXPECT_FALSE(VerifyInclusion(index, size, leaves[other], proof, root));
        }
      }
      auto longer = proof;
      longer.push_back(root);
      EXPECT_FALSE(VerifyInclusion(index, size, leaves[index], longer, root));
      if (size > 1) {
        EXPECT_FALSE(VerifyInclusion(index, size, leaves[index], std::span(proof).subspan(1), root));
      }
      for (size_t i = 0; i < proof.size(); ++i) {
        auto changed = proof;
        changed[i][index % 32] ^= 1;
        EXPECT_FALSE(VerifyInclusion(index, size, leaves[index], changed, root));
      }
    }
  }
}

TEST(Merkle, WrongConsistencyProofsDoNotHold) {
  const auto leaves = NumberedLeaves(21);
  for (uint64_t size = 1; size <= leaves.size(); ++size) {
    const std::span<const Hash> tree(leaves.data(), size);
    const Hash root = RootOf(tree);
    for (uint64_t first = 1; first < size; ++first) {
      const auto proof = ProofOf(tree, ConsistencyPath(first, size));
      const Hash first_root = RootOf(tree.first(first));
      Hash other_root = first_root;
      other_root[3] ^= 4;
      EXPECT_FALSE(VerifyConsistency(first, size, other_root, root, proof));
      EXPECT_FALSE(VerifyConsistency(first, size, first_root, other_root, proof));
      EXPECT_FALSE(VerifyConsistency(size, first, root, first_root, proof));
      EXPECT_FALSE(VerifyConsistency(first, size, first_root, root, std::span(proof).subspan(1)));
      auto longer = proof;
      longer.push_back(root);
      EXPECT_FALSE(VerifyConsistency(first, size, first_root, root, longer));
      for (size_t i = 0; i < proof.size(); ++i) {
        auto changed = proof;
        changed[i][first % 32] ^= 128;
        EXPECT_FALSE(VerifyConsistency(first, size, first_root, root, changed));
      }
    }
  }
}

TEST(Merkle, LargeTreesHaveShortProofsThatHold) {
  std::mt19937_64 random(20);
  const auto leaves = NumberedLeaves(5000);
  CompactRange tree;
  for (const auto& leaf : leaves) tree.Append(leaf);
  const Hash root = tree.Root();
  EXPECT_EQ(root, RootOf(leaves));
  for (int i = 0; i < 50; ++i) {
    const uint64_t index = random() % leaves.size();
    const auto proof = ProofOf(leaves, InclusionPath(index, leaves.size()));
    EXPECT_LE(proof.size(), 13U);
    EXPECT_TRUE(VerifyInclusion(index, leaves.size(), leaves[index], proof, root));
    const uint64_t first = 1 + random() % leaves.size();
    EXPECT_TRUE(VerifyConsistency(first, leaves.size(), RootOf(std::span(leaves).first(first)), root,
                                  ProofOf(leaves, ConsistencyPath(first, leaves.size()))));
  }
}

TEST(Merkle, ARangeGoesOnFromItsPeaks) {
  const auto leaves = NumberedLeaves(100);
  CompactRange whole;
  for (const auto& leaf : leaves) {
    CompactRange copy(whole.size(), {whole.peaks().begin(), whole.peaks().end()});
    whole.Append(leaf);
    copy.Append(leaf);
    EXPECT_EQ(copy.Root(), whole.Root());
  }
}

}  // namespace
}  // namespace remit::audit
