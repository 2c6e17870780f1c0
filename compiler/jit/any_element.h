// Loops over small sets, which stop at the first element that passes a test.
#pragma once

#include "compiler/jit/body_to_llvm.h"

namespace remit::jit {

// Sets of more elements are left to calls, which search instead.
inline constexpr uint32_t kFewElements = 16;

template <typename Test>
auto BodyToLlvm::AnyElement(llvm::Value* elements, llvm::Value* count, Test test) -> llvm::Value* {
  auto* cell = f_.NewCell(b().getInt32Ty());
  auto* again = f_.NewBlock("again");
  auto* one = f_.NewBlock("one");
  auto* next = f_.NewBlock("any");
  b().CreateStore(f_.I32(0), cell);
  b().CreateBr(again);

  Continue(again);
  auto* index = b().CreateLoad(b().getInt32Ty(), cell, "index");
  f_.Branch(b().CreateICmpEQ(index, count), next, one);

  Continue(one);
  b().CreateStore(b().CreateAdd(index, f_.I32(1)), cell);
  auto* passes = test(f_.ElementAt(elements, b().CreateZExt(index, b().getInt64Ty()), kValueBytes));
  auto* end = b().GetInsertBlock();
  f_.Branch(passes, next, again);

  Continue(next);
  return f_.Phi({{f_.Bool(false), again}, {f_.Bool(true), end}});
}

}  // namespace remit::jit
