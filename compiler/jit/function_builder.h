// One LLVM function: the frame it reads, the calls it makes, and the ways to read the runtime's structures.
//
// Every load is marked invariant: nothing that native code reads changes while it runs, except the buffer of operands. Frame words are
// loaded in the entry block, so that all bodies of a group share them.
#pragma once

#include <llvm/IR/Function.h>
#include <llvm/IR/IRBuilder.h>

#include <map>
#include <span>

#include "compiler/jit/abi.h"
#include "compiler/jit/image_names.h"
#include "compiler/jit/ssa_value.h"

namespace remit::jit {

// Folds constants, which is what known kinds are. Simplifying all it builds, as LLVM's InstSimplifyFolder does, looks through joins of joins and
// takes exponential time on some bodies.
using Builder = llvm::IRBuilder<>;

// Operands that one operation has at most in native code; the buffer for them is on the stack.
inline constexpr uint32_t kMaxOperands = 256;

struct EntityParts {
  llvm::Value* attrs;
  llvm::Value* attr_count;  // i32
  llvm::Value* lists_ancestors;  // i1: all are in the set; else there are too many
  llvm::Value* ancestors;  // of the set, empty if they are not listed
  llvm::Value* mask;  // i64, of the set
};

class FunctionBuilder {
 public:
  // `function` is empty; its first argument is the frame.
  // `calls_are_rare`: each goes through a function of the module that saves all registers, so that code that does not call spills none.
  // `names`: of the image that the code is for; null: the code is for this process.
  FunctionBuilder(llvm::Function& function, bool calls_are_rare, ImageNames* names);

  auto calls_are_rare() const -> bool { return calls_are_rare_; }
  auto b() -> Builder& { return builder_; }
  auto frame() const -> llvm::Value* { return function_.getArg(0); }
  auto NewBlock(const char* name) -> llvm::BasicBlock* { return llvm::BasicBlock::Create(builder_.getContext(), name, &function_); }
  // The entry block goes on at the block that was built first. Called once, when everything else is there.
  void Finish();

  auto Bool(bool value) -> llvm::Value* { return builder_.getInt1(value); }
  auto I8(Kind kind) -> llvm::Value* { return builder_.getInt8(static_cast<uint8_t>(kind)); }
  auto I32(uint32_t value) -> llvm::Value* { return builder_.getInt32(value); }
  auto I64(uint64_t value) -> llvm::Value* { return builder_.getInt64(value); }
  // An i32 and an i64: numbers that whoever loads the code gives.
  auto Symbol(SymbolId symbol) -> llvm::Value* {
    return names_ == nullptr ? I32(symbol.value) : Name(builder_.getInt32Ty(), {.symbol = symbol});
  }
  auto Uid(EntityUid uid) -> llvm::Value* {
    return names_ == nullptr ? I64(uid.packed()) : Name(builder_.getInt64Ty(), {.symbol = uid.id, .type = uid.type});
  }
  auto PtrType() -> llvm::Type* { return builder_.getPtrTy(); }
  auto Null() -> llvm::Value* { return llvm::ConstantPointerNull::get(builder_.getPtrTy()); }

  // What is at `base + offset`.
  auto Load(llvm::Type* type, llvm::Value* base, uint64_t offset, const char* name = "") -> llvm::Value*;
  auto At(llvm::Value* base, uint64_t offset) -> llvm::Value*;
  // Element `index`, an i64, of an array.
  auto ElementAt(llvm::Value* base, llvm::Value* index, uint64_t bytes) -> llvm::Value* {
    return builder_.CreateInBoundsGEP(builder_.getInt8Ty(), base, builder_.CreateMul(index, I64(bytes)));
  }
  auto LoadElement(llvm::Type* type, llvm::Value* base, llvm::Value* index, uint64_t bytes) -> llvm::Value* {
    return Load(type, ElementAt(base, index, bytes), 0);
  }
  // What a word is where these ways meet, which is here.
  auto Phi(std::initializer_list<std::pair<llvm::Value*, llvm::BasicBlock*>> ways) -> llvm::Value*;
  auto ToPointer(llvm::Value* bits) -> llvm::Value* { return builder_.CreateIntToPtr(bits, PtrType()); }
  // A word of the frame, loaded once.
  auto FrameWord(llvm::Type* type, uint64_t offset, const char* name) -> llvm::Value*;

  // What the store has of an entity of the request; AncestorSet::Empty and no attributes if that is nothing. `offset` is the pointer's in the frame.
  auto RequestEntity(uint64_t offset, const char* name) -> llvm::Value*;
  // Of an entity, which is not null: loaded in the entry block for an entity of the request.
  auto PartsOf(llvm::Value* entity) -> EntityParts;

  // The same for an entity that was looked up here, for whatever comes behind.
  void ShareParts(llvm::Value* entity) { request_parts_.emplace(entity, LoadParts(entity)); }
  // What stands for an entity that does not exist.
  auto NoEntity() -> llvm::Value* { return CallsWord(offsetof(NativeCalls, no_entity)); }

  // The value at `pointer`; of this kind, if that is known.
  auto LoadValue(llvm::Value* pointer, std::optional<Kind> kind = {}) -> SsaValue;
  void StoreValue(const SsaValue& value, llvm::Value* pointer);
  auto OfBool(llvm::Value* i1) -> SsaValue;
  auto OfLong(llvm::Value* i64) -> SsaValue { return {.kind = I8(Kind::Long), .size = I32(0), .bits = i64}; }

  // A function of NativeCalls, which is at this offset in it. The frame is its first argument or is not given to it.
  auto Call(uint64_t offset, llvm::Type* result, std::span<llvm::Value* const> arguments) -> llvm::Value*;
  // Puts the operands into the buffer, which is returned.
  auto StoreOperands(std::span<const SsaValue> operands) -> llvm::Value*;
  // The value in front of the buffer, which a call has written.
  auto LoadResult() -> SsaValue { return LoadCell(operands_); }
  // Memory of the function for a word, or for a value. What a loop changes lives there until LLVM promotes it: a phi that is not complete yet
  // would be simplified for what it is.
  auto NewCell(llvm::Type* type) -> llvm::Value*;
  auto NewValueCell() -> llvm::Value* { return NewCell(ValueType()); }
  // From memory that may have changed.
  auto LoadCell(llvm::Value* cell) -> SsaValue;

  // `i1` is hardly ever true, or hardly ever false.
  void BranchUnlikely(llvm::Value* i1, llvm::BasicBlock* then, llvm::BasicBlock* otherwise);
  void BranchLikely(llvm::Value* i1, llvm::BasicBlock* then, llvm::BasicBlock* otherwise);
  // The same, and worth computing without branches.
  void BranchUnlikelyAtOnce(llvm::Value* i1, llvm::BasicBlock* then, llvm::BasicBlock* otherwise);
  void Branch(llvm::Value* i1, llvm::BasicBlock* then, llvm::BasicBlock* otherwise) { builder_.CreateCondBr(i1, then, otherwise); }

 private:
  auto ValueType() -> llvm::Type* { return llvm::ArrayType::get(builder_.getInt64Ty(), kValueBytes / sizeof(uint64_t)); }
  auto Name(llvm::Type* type, ImageName name) -> llvm::Value*;
  auto LoadParts(llvm::Value* entity) -> EntityParts;
  auto SavingCall(uint64_t offset, llvm::FunctionType* type, std::span<llvm::Value* const> arguments) -> llvm::Value*;
  // A pointer of NativeCalls.
  auto CallsWord(uint64_t offset) -> llvm::Value*;

  llvm::Function& function_;
  bool calls_are_rare_;
  ImageNames* names_;
  llvm::BasicBlock* entry_;
  llvm::BasicBlock* start_;
  Builder builder_;
  std::map<uint64_t, llvm::Value*> frame_words_;  // by offset
  std::map<uint64_t, llvm::Value*> request_entities_;  // by offset
  std::map<llvm::Value*, EntityParts> request_parts_;
  llvm::AllocaInst* operands_ = nullptr;
  uint32_t operand_count_ = 0;
};

}  // namespace remit::jit
