// The layout of what native code reads, for LLVM: offsets into the runtime's structures.
//
// Offsets are taken from the C++ types that this is compiled with. The members of Value and std::span are private, so that their places are
// written down here and checked once against values that were made the ordinary way.
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime/native/frame.h"

namespace remit::jit {

inline constexpr uint32_t kValueBytes = sizeof(Value);
inline constexpr uint32_t kValueKind = 0;
inline constexpr uint32_t kValueSize = 4;
inline constexpr uint32_t kValueBits = 8;

inline constexpr uint32_t kFieldBytes = sizeof(Field);
inline constexpr uint32_t kFieldKey = offsetof(Field, key);
inline constexpr uint32_t kFieldValue = offsetof(Field, value);

// Of std::span.
inline constexpr uint32_t kSpanData = 0;
inline constexpr uint32_t kSpanSize = sizeof(void*);

inline constexpr uint32_t kEntityUid = offsetof(Entity, uid);
inline constexpr uint32_t kEntityAttrs = offsetof(Entity, attrs);
inline constexpr uint32_t kEntityAncestors = offsetof(Entity, ancestors);

// Of EntityRows::Node and EntityRows::Chunk.
inline constexpr uint32_t kNodeChunks = 0;
inline constexpr uint32_t kChunkRows = 0;

// Fails a CHECK if one of the places above is wrong.
void CheckLayout();

}  // namespace remit::jit
