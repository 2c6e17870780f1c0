// What native code reads of one decision, and the functions it calls.
//
// Native code has no relocations to anything outside itself: every call goes through `calls` and every table is found from the frame, so
// that an image of it can be mapped from a file at any address. Passing the interpreter's own EvalInput was the alternative; its members
// are references and optionals, which only C++ can read.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "runtime/eval/interpreter.h"

namespace remit {

struct NativeFrame;

// Runs one operation by the interpreter's handler. `operands` holds what the operation reads, in its order, and takes the result in front.
// 0: it failed.
using OperationCall = uint32_t (*)(NativeFrame* frame, Value* operands, uint32_t imm, uint32_t count);

inline constexpr size_t kNativeOperations = [] {
  size_t count = 0;
#define OP(id, mnemonic, operands, traits, doc) ++count;
#include "runtime/ir/ops.def"
#undef OP
  return count;
}();

// The functions that native code calls. Plain C signatures; none throws, and none formats a message.
struct NativeCalls {
  std::array<OperationCall, kNativeOperations> run;  // by ir::Op; null for those that native code runs alone
  const Entity* no_entity;        // what stands for an entity that does not exist: it has no attributes and no ancestors
  const AncestorSet* no_ancestors;  // AncestorSet::Empty
  // Never null.
  const Entity* (*find_entity)(const NativeFrame* frame, uint64_t uid, uint32_t row_hint);
  // Null: the record has no such field.
  const Value* (*find_field)(const Field* fields, uint32_t count, uint32_t key);
  // Whether an entity that is not `ancestor` is in it.
  uint32_t (*is_below)(const NativeFrame* frame, const Entity* descendant, uint64_t ancestor);
  // Whether the entity of this uid is in one of a sorted set of entities; `descendant` is what the store has of it.
  uint32_t (*is_in_any)(const NativeFrame* frame, const Entity* descendant, uint64_t uid, const Value* elements, uint32_t count);
  uint32_t (*set_contains)(const Value* elements, uint32_t count, const Value* element);
  uint32_t (*equal_bytes)(const void* a, const void* b, uint64_t size);
};

// The part that is the request's: a prepared request keeps it ready, and the frame takes it as one cache line.
struct NativeRequest {
  uint64_t principal, action, resource;  // EntityUid::packed
  // Null: there is no such entity.
  const Entity* principal_entity;
  const Entity* action_entity;
  const Entity* resource_entity;
  const Field* context;
  uint64_t context_size;
};

inline auto ToNative(const Request& request, const Entity* principal, const Entity* action, const Entity* resource) -> NativeRequest {
  return {.principal = request.principal.packed(),
          .action = request.action.packed(),
          .resource = request.resource.packed(),
          .principal_entity = principal,
          .action_entity = action,
          .resource_entity = resource,
          .context = request.context.data(),
          .context_size = request.context.size()};
}

// One per thread of decision, reused. Everything it points at outlives the decision, and only `result` is written by native code.
struct NativeFrame {
  const NativeCalls* calls;
  NativeRequest request;
  const Value* constants;  // of `program`
  uint64_t max_loop_work;
  const ir::Program* program;
  const EntityStore* entities;
  const EntityRows::Node* const* entity_nodes;  // of `entities`: EntityRows::nodes and capacity
  uint64_t entity_capacity;
  const Interner* interner;
  Arena* arena;
  int64_t now;
  uint32_t has_now;
  Value result;  // of a body that ends in `return`
  StateView state;  // of budgets and breakers; does not change while code runs
};

// The store's part of a frame.
inline void SetEntities(NativeFrame& frame, const StoreView& entities) {
  frame.entities = entities.store;
  frame.entity_nodes = entities.nodes;
  frame.entity_capacity = entities.capacity;
}

// The functions of this build.
auto GetNativeCalls() -> const NativeCalls*;

// A frame for one evaluation. Program and input outlive it.
auto MakeFrame(const ir::Program& program, const EvalInput& input) -> NativeFrame;

}  // namespace remit
