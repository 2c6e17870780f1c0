// Object files to code in this process, by LLVM's ORC.
//
// Memory is written first and made executable afterwards, never both at once, which is what ORC's linker does by itself. Every set of
// objects has a library of its own, so that it can go without the others and names need not differ between sets.
#pragma once

#include <llvm/ExecutionEngine/Orc/LLJIT.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "compiler/jit/orc_compiler.h"
#include "compiler/jit/perf_map.h"
#include "runtime/base/error.h"

namespace remit::jit {

class OrcSession;

// Code that is in memory. Gives it back when it goes; that needs the session, which it keeps alive.
class LoadedCode {
 public:
  LoadedCode(std::shared_ptr<OrcSession> session, llvm::orc::JITDylib& library, std::vector<FunctionSize> sizes)
      : session_(std::move(session)), library_(&library), sizes_(std::move(sizes)) {}
  LoadedCode(const LoadedCode&) = delete;
  auto operator=(const LoadedCode&) -> LoadedCode& = delete;
  ~LoadedCode();

  // Addresses of these functions, in this order. Code is linked by the first call.
  auto Find(std::span<const std::string> names) -> Expected<std::vector<void*>>;

 private:
  auto AddressesOf(std::span<const std::string> names) -> Expected<std::vector<void*>>;
  void NameForPerf(std::span<const std::string> names, std::span<void* const> addresses);

  std::shared_ptr<OrcSession> session_;
  llvm::orc::JITDylib* library_;
  std::vector<FunctionSize> sizes_;
};

// Thread-safe.
class OrcSession : public std::enable_shared_from_this<OrcSession> {
 public:
  static auto Make(const OrcOptions& options) -> Expected<std::shared_ptr<OrcSession>>;

  auto Load(std::vector<std::unique_ptr<llvm::MemoryBuffer>> objects) -> Expected<std::unique_ptr<LoadedCode>>;

 private:
  friend class LoadedCode;

  OrcSession(std::unique_ptr<llvm::orc::LLJIT> jit, const OrcOptions& options) : jit_(std::move(jit)), options_(options) {}

  std::unique_ptr<llvm::orc::LLJIT> jit_;
  OrcOptions options_;
  std::atomic<uint64_t> next_library_ = 0;
};

}  // namespace remit::jit
