#include "compiler/jit/perf_map.h"

#include <fmt/format.h>
#include <llvm/Object/SymbolSize.h>
#include <unistd.h>

#include <cstdio>
#include <mutex>

namespace remit::jit {

auto FunctionsOf(const llvm::MemoryBuffer& object) -> std::vector<FunctionSize> {
  std::vector<FunctionSize> functions;
  auto file = llvm::object::ObjectFile::createObjectFile(object.getMemBufferRef());
  if (!file) {
    llvm::consumeError(file.takeError());
    return functions;
  }
  for (const auto& [symbol, bytes] : llvm::object::computeSymbolSizes(**file)) {
    auto type = symbol.getType();
    auto name = symbol.getName();
    if (type && name && *type == llvm::object::SymbolRef::ST_Function) functions.push_back({.name = name->str(), .bytes = bytes});
    if (!type) llvm::consumeError(type.takeError());
    if (!name) llvm::consumeError(name.takeError());
  }
  return functions;
}

void AddToPerfMap(std::span<const FunctionSize> functions, std::span<void* const> addresses) {
  static std::mutex mutex;
  const std::lock_guard lock(mutex);
  FILE* map = std::fopen(fmt::format("/tmp/perf-{}.map", getpid()).c_str(), "a");
  if (map == nullptr) return;
  for (size_t i = 0; i < functions.size(); ++i) {
    fmt::print(map, "{:x} {:x} {}\n", reinterpret_cast<uintptr_t>(addresses[i]), functions[i].bytes, functions[i].name);
  }
  std::fclose(map);
}

}  // namespace remit::jit
