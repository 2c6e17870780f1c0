// The processor that code is made for, and LLVM's way from a module to an object file.
#pragma once

#include <llvm/IR/Module.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Target/TargetMachine.h>

#include <memory>
#include <string>

#include "runtime/base/error.h"
#include "runtime/native/native_compiler.h"

namespace remit::jit {

// Belongs to one thread at a time; making one takes about a millisecond.
class CodeTarget {
 public:
  // This machine's processor with all it can do.
  static auto Host(NativeLevel level) -> Expected<CodeTarget>;

  // A target of runtime/native/target.h.
  static auto Named(std::string_view target, NativeLevel level) -> Expected<CodeTarget>;

  auto layout() const -> const llvm::DataLayout& { return layout_; }
  auto triple() const -> const llvm::Triple& { return machine_->getTargetTriple(); }

  void Optimise(llvm::Module& module);
  auto ToObject(llvm::Module& module) -> Expected<std::unique_ptr<llvm::MemoryBuffer>>;
  auto ToAssembly(llvm::Module& module) -> std::string;

 private:
  static auto Make(const std::string& cpu, const std::string& features, NativeLevel level) -> Expected<CodeTarget>;
  CodeTarget(std::unique_ptr<llvm::TargetMachine> machine, NativeLevel level)
      : machine_(std::move(machine)), layout_(machine_->createDataLayout()), level_(level) {}

  std::unique_ptr<llvm::TargetMachine> machine_;
  llvm::DataLayout layout_;
  NativeLevel level_;
};

// Makes this machine's processor known to LLVM; CodeTarget does it itself.
void RegisterHost();

// LLVM's error as one of ours.
auto ToError(llvm::Error error, std::string_view code) -> Error;

}  // namespace remit::jit
