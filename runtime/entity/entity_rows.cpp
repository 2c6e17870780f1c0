#include "runtime/entity/entity_rows.h"

#include <utility>

#include "runtime/entity/spare_blocks.h"

namespace remit {
namespace {

// A request with entities of its own needs one node and one chunk, and gives both back before the next one comes.
template <typename T>
struct SpareAllocator {
  using value_type = T;

  SpareAllocator() = default;
  template <typename U>
  explicit SpareAllocator(const SpareAllocator<U>& /*other*/) {}

  auto allocate(size_t /*one*/) -> T* { return static_cast<T*>(SpareBlocks<sizeof(T)>::Take()); }
  void deallocate(T* block, size_t /*one*/) { SpareBlocks<sizeof(T)>::GiveBack(block); }
  friend auto operator==(const SpareAllocator& /*a*/, const SpareAllocator& /*b*/) -> bool { return true; }
};

template <typename T, typename... Arguments>
auto MakeSpare(Arguments&&... arguments) -> std::shared_ptr<T> {
  return std::allocate_shared<T>(SpareAllocator<T>(), std::forward<Arguments>(arguments)...);
}

constexpr size_t kCacheLine = sizeof(Entity);

// What chunks and nodes point to where nothing was written yet. Never written.
alignas(kCacheLine) constinit Entity no_entity = {.uid = {}, .attrs = {}, .tags = {}, .parents = {}};
constinit const EntityRows::Chunk kEmptyChunk = [] {
  EntityRows::Chunk chunk = {};
  chunk.rows.fill(&no_entity);
  return chunk;
}();

auto NewWriterNumber() -> uint64_t {
  static std::atomic<uint64_t> last = 0;
  return last.fetch_add(1, std::memory_order_relaxed) + 1;
}

auto NewNode(uint64_t writer) -> std::shared_ptr<EntityRows::Node> {
  auto node = MakeSpare<EntityRows::Node>();
  node->chunks.fill(&kEmptyChunk);
  node->writer = writer;
  return node;
}

// Owns nothing so far.
auto BorrowNode(const EntityRows::Node& base) -> std::shared_ptr<EntityRows::Node> {
  auto node = MakeSpare<EntityRows::Node>();
  node->chunks = base.chunks;
  return node;
}

}  // namespace

auto EntityRows::Over(const EntityRows& base) -> EntityRows {
  EntityRows rows;
  rows.nodes_ = base.nodes_;
  rows.owners_.resize(base.nodes_.size());
  return rows;
}

EntityRows::Writer::Writer(Arena& arena) : arena_(arena), number_(NewWriterNumber()) {}

void EntityRows::Writer::MarkReplaced() const {
  for (const Entity* entity : replaced_) entity->replaced.Set();
}

auto EntityRows::WritableChunk(uint32_t row, Writer& writer) -> Chunk& {
  const uint32_t at = row >> (kNodeBits + kChunkBits);
  while (nodes_.size() <= at) {
    owners_.push_back(NewNode(writer.number_));
    nodes_.push_back(owners_.back().get());
  }
  if (owners_[at] == nullptr || owners_[at]->writer != writer.number_) {
    owners_[at] = owners_[at] == nullptr ? BorrowNode(*nodes_[at]) : MakeSpare<Node>(*owners_[at]);
    owners_[at]->writer = writer.number_;
    nodes_[at] = owners_[at].get();
  }
  Node& node = *owners_[at];
  const uint32_t in_node = (row >> kChunkBits) % kNodeSize;
  auto& chunk = node.owners[in_node];
  if (chunk == nullptr || chunk->writer != writer.number_) {
    chunk = MakeSpare<Chunk>(*node.chunks[in_node]);
    chunk->writer = writer.number_;
    chunk->own = 0;
    node.chunks[in_node] = chunk.get();
  }
  writer.chunk_ = chunk.get();
  writer.chunk_number_ = row >> kChunkBits;
  return *chunk;
}

auto EntityRows::Writable(uint32_t row, Writer& writer) -> Entity& {
  Chunk& chunk = row >> kChunkBits == writer.chunk_number_ ? *writer.chunk_ : WritableChunk(row, writer);
  Entity*& entity = chunk.rows[row % kChunkSize];
  const uint64_t bit = uint64_t{1} << (row % kChunkSize);
  if ((chunk.own & bit) != 0) return *entity;
  if (entity != &no_entity) writer.replaced_.push_back(entity);
  entity = ::new (writer.arena_.Allocate(sizeof(Entity), kCacheLine)) Entity(*entity);
  chunk.own |= bit;
  return *entity;
}

auto EntityRows::footprint() const -> size_t {
  size_t bytes = nodes_.size() * (sizeof(Node) + sizeof(void*));
  for (const auto* node : nodes_) {
    for (const auto& chunk : node->owners) bytes += chunk == nullptr ? 0 : sizeof(Chunk);
  }
  return bytes;
}

}  // namespace remit
