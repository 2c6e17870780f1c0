// Entities by row number, in a tree of which stores share what they have in common: an update copies one chunk of pointers and the way to it.
//
// Four loads lead to a row. Entities that lie in the chunks would take one less, but would move whenever a neighbour is replaced: whoever found one
// before would have to look again after every update.
//
// Thread rule: const use is free; writing needs the rows to itself. Copies share memory and never see each other's changes.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/entity/entity.h"

namespace remit {

class EntityRows {
 public:
  static constexpr uint32_t kChunkBits = 6;
  static constexpr uint32_t kNodeBits = 7;
  static constexpr uint32_t kChunkSize = 1U << kChunkBits;
  static constexpr uint32_t kNodeSize = 1U << kNodeBits;

  struct Chunk;

  // One who writes, to one set of rows. Entities are in the arena of the store.
  class Writer {
   public:
    explicit Writer(Arena& arena);

    auto arena() -> Arena& { return arena_; }
    // Says of all entities that were replaced that they are, once the rows are to be seen by others.
    void MarkReplaced() const;

   private:
    friend class EntityRows;

    Arena& arena_;
    uint64_t number_;  // nobody else's: nodes and chunks are copied once for each
    std::vector<const Entity*> replaced_;
    // What was written last, for most rows that are written one after the other are of one chunk.
    Chunk* chunk_ = nullptr;
    uint32_t chunk_number_ = UINT32_MAX;
  };

  // Rows without an entity have one whose uid is EntityUid{}.
  struct Chunk {
    std::array<Entity*, kChunkSize> rows;
    uint64_t writer;
    uint64_t own;  // bit i: rows[i] is of `writer`, and may be written by it
  };
  // Native code reads `chunks`, which has no null pointers. What has no owner is shared by all or of the base.
  struct Node {
    std::array<const Chunk*, kNodeSize> chunks;
    std::array<std::shared_ptr<Chunk>, kNodeSize> owners;
    uint64_t writer;
  };

  EntityRows() = default;
  EntityRows(const EntityRows&) = default;
  auto operator=(const EntityRows&) -> EntityRows& = default;
  EntityRows(EntityRows&&) = default;
  auto operator=(EntityRows&&) -> EntityRows& = default;
  // Shares memory with `base`, which must outlive it: what a request adds counts no references to what it does not change.
  static auto Over(const EntityRows& base) -> EntityRows;

  // Rows from `capacity()` on have never been written.
  auto At(uint32_t row) const -> const Entity& {
    return *nodes_[row >> (kNodeBits + kChunkBits)]->chunks[(row >> kChunkBits) % kNodeSize]->rows[row % kChunkSize];
  }
  auto capacity() const -> uint32_t { return static_cast<uint32_t>(nodes_.size()) << (kNodeBits + kChunkBits); }
  auto nodes() const -> const Node* const* { return nodes_.data(); }
  // Bytes, those shared with other stores included, entities not.
  auto footprint() const -> size_t;

  auto Writable(uint32_t row, Writer& writer) -> Entity&;

 private:
  auto WritableChunk(uint32_t row, Writer& writer) -> Chunk&;

  std::vector<const Node*> nodes_;
  std::vector<std::shared_ptr<Node>> owners_;  // parallel; null: of the base
};

}  // namespace remit
