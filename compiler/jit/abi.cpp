#include "compiler/jit/abi.h"

#include <array>
#include <cstring>
#include <memory>

#include "runtime/base/check.h"

namespace remit::jit {
namespace {

template <typename Word>
auto WordAt(const void* object, size_t offset) -> Word {
  Word word;
  std::memcpy(&word, static_cast<const std::byte*>(object) + offset, sizeof(Word));
  return word;
}

}  // namespace

void CheckLayout() {
  static_assert(std::is_standard_layout_v<NativeFrame> && std::is_standard_layout_v<Field> && std::is_standard_layout_v<Entity>);
  static_assert(std::is_standard_layout_v<StateView> && std::is_standard_layout_v<BudgetState> && std::is_standard_layout_v<BreakerState>);
  constexpr std::string_view kText = "text";
  static_assert(sizeof(EntityRows::Node::chunks) == EntityRows::kNodeSize * sizeof(void*));
  const auto node = std::make_unique<EntityRows::Node>();
  CHECK(reinterpret_cast<const std::byte*>(node.get()) + kNodeChunks == reinterpret_cast<const std::byte*>(&node->chunks));
  const auto chunk = std::make_unique<EntityRows::Chunk>();
  CHECK(reinterpret_cast<const std::byte*>(chunk.get()) + kChunkRows == reinterpret_cast<const std::byte*>(&chunk->rows));
  const Value value = Value::OfString(kText);
  CHECK(WordAt<uint8_t>(&value, kValueKind) == static_cast<uint8_t>(Kind::String));
  CHECK(WordAt<uint32_t>(&value, kValueSize) == kText.size());
  CHECK(WordAt<const char*>(&value, kValueBits) == kText.data());
  const std::array<Field, 3> fields = {};
  const Entity entity = {.uid = {}, .attrs = fields, .tags = {}, .parents = {}};
  CHECK(WordAt<const Field*>(&entity, kEntityAttrs + kSpanData) == fields.data());
  CHECK(WordAt<size_t>(&entity, kEntityAttrs + kSpanSize) == fields.size());
}

}  // namespace remit::jit
