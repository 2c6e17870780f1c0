// Object files to one image: their sections behind one another, with the places in them that depend on each other filled in.
//
// By LLVM's JITLink with memory of our own at an address that does not matter: what would depend on it, or on anything outside but the table of names,
// is refused.
#pragma once

#include <llvm/Support/MemoryBuffer.h>

#include <string>
#include <unordered_map>

#include "runtime/base/error.h"

namespace remit::jit {

class ImageLinker {
 public:
  // The table of names begins so many bytes in front of the code.
  explicit ImageLinker(uint64_t names_distance) : names_distance_(names_distance) {}

  auto Add(const llvm::MemoryBuffer& object) -> Expected<void>;

  auto code() const -> const std::string& { return code_; }
  // Offset in the code.
  auto Find(const std::string& function) const -> uint64_t { return functions_.at(function); }

 private:
  uint64_t names_distance_;
  std::string code_;
  std::unordered_map<std::string, uint64_t> functions_;
};

}  // namespace remit::jit
