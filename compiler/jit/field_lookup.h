// Fields of records and entities, by checked position: the expected places first, a search where the key is elsewhere.
#pragma once

#include "compiler/jit/function_builder.h"

namespace remit::jit {

// None if there is no such entity.
struct Fields {
  llvm::Value* data;
  llvm::Value* count;  // i32
  LayoutId layout;     // expected
};

// A pointer to the field's value, where the builder is from then on; `absent` is where it goes if there is none. `hints` may be null.
auto FindField(FunctionBuilder& f, const LayoutHints* hints, const Fields& fields, SymbolId key, llvm::BasicBlock* absent) -> llvm::Value*;

// The value there, with what is expected of it.
auto LoadField(FunctionBuilder& f, const LayoutHints* hints, const Fields& fields, SymbolId key, llvm::Value* place) -> SsaValue;

// What the store has of an entity, never null: by the row hint, or a search where that is wrong or missing. As EntityStore::Find.
auto FindEntity(FunctionBuilder& f, const SsaValue& value) -> llvm::Value*;

}  // namespace remit::jit
