#include "compiler/jit/image_linker.h"

#include <llvm/ExecutionEngine/JITLink/JITLink.h>
#include <llvm/ExecutionEngine/JITLink/JITLinkMemoryManager.h>
#include <llvm/ExecutionEngine/JITLink/x86_64.h>

#include "compiler/jit/code_target.h"
#include "compiler/jit/image_names.h"

namespace remit::jit {
namespace {

namespace link = llvm::jitlink;

// Code is aligned for the functions in it.
constexpr uint64_t kAlignment = 64;

// One object's memory: the next bytes of the image, whose addresses are their offsets from `kBase`.
class ImageMemory : public link::JITLinkMemoryManager {
 public:
  // Far enough from zero, which JITLink takes for "no address", for what is in front of the code.
  static constexpr uint64_t kBase = uint64_t{1} << 30;

  explicit ImageMemory(uint64_t begin) : begin_(begin) {}

  void allocate(const link::JITLinkDylib*, link::LinkGraph& graph, OnAllocatedFunction allocated) override {
    link::BasicLayout layout(graph);
    uint64_t size = 0;
    for (auto& [group, segment] : layout.segments()) {
      size = llvm::alignTo(size, std::max<uint64_t>(segment.Alignment.value(), kAlignment)) + segment.ContentSize + segment.ZeroFillSize;
    }
    bytes_.assign(size, '\0');
    size = 0;
    for (auto& [group, segment] : layout.segments()) {
      size = llvm::alignTo(size, std::max<uint64_t>(segment.Alignment.value(), kAlignment));
      segment.WorkingMem = bytes_.data() + size;
      segment.Addr = llvm::orc::ExecutorAddr(kBase + begin_ + size);
      size += segment.ContentSize + segment.ZeroFillSize;
    }
    if (auto error = layout.apply()) return allocated(std::move(error));
    allocated(std::make_unique<Allocation>());
  }

  void deallocate(std::vector<FinalizedAlloc> allocations, OnDeallocatedFunction done) override {
    for (auto& allocation : allocations) allocation.release();
    done(llvm::Error::success());
  }

  auto bytes() const -> const std::string& { return bytes_; }

 private:
  class Allocation : public InFlightAlloc {
    void abandon(OnAbandonedFunction done) override { done(llvm::Error::success()); }
    void finalize(OnFinalizedFunction done) override { done(FinalizedAlloc(llvm::orc::ExecutorAddr(kBase))); }
  };

  uint64_t begin_;
  std::string bytes_;
};

// Everything happens within the call of link().
class ImageContext : public link::JITLinkContext {
 public:
  ImageContext(ImageMemory& memory, uint64_t names, std::unordered_map<std::string, uint64_t>& functions, std::string& problem)
      : JITLinkContext(nullptr), memory_(memory), names_(names), functions_(functions), problem_(problem) {}

  auto getMemoryManager() -> link::JITLinkMemoryManager& override { return memory_; }
  void notifyFailed(llvm::Error error) override { problem_ = llvm::toString(std::move(error)); }
  void lookup(const LookupMap& symbols, std::unique_ptr<link::JITLinkAsyncLookupContinuation> next) override {
    link::AsyncLookupResult found;
    for (const auto& [symbol, flags] : symbols) {
      if (symbol != ImageNames::kTable) {
        const auto problem = "native code refers to `" + symbol.str() + "`";
        return next->run(llvm::make_error<llvm::StringError>(problem, llvm::inconvertibleErrorCode()));
      }
      found[symbol] = {llvm::orc::ExecutorAddr(names_), llvm::JITSymbolFlags()};
    }
    next->run(std::move(found));
  }
  auto notifyResolved(link::LinkGraph& graph) -> llvm::Error override {
    for (const auto* symbol : graph.defined_symbols()) {
      if (symbol->hasName()) functions_[symbol->getName().str()] = symbol->getAddress().getValue() - ImageMemory::kBase;
    }
    return llvm::Error::success();
  }
  void notifyFinalized(link::JITLinkMemoryManager::FinalizedAlloc allocation) override { allocation.release(); }

  auto modifyPassConfig(link::LinkGraph&, link::PassConfiguration& passes) -> llvm::Error override {
    passes.PostAllocationPasses.push_back(&RefuseAddresses);
    return llvm::Error::success();
  }

 private:
  static auto RefuseAddresses(link::LinkGraph& graph) -> llvm::Error {
    for (const auto* block : graph.blocks()) {
      for (const auto& edge : block->edges()) {
        if (edge.getKind() == link::x86_64::Pointer64 || edge.getKind() == link::x86_64::Pointer32 ||
            edge.getKind() == link::x86_64::Pointer32Signed)
          return llvm::make_error<llvm::StringError>("native code depends on its address", llvm::inconvertibleErrorCode());
      }
    }
    return llvm::Error::success();
  }

  ImageMemory& memory_;
  uint64_t names_;
  std::unordered_map<std::string, uint64_t>& functions_;
  std::string& problem_;
};

}  // namespace

auto ImageLinker::Add(const llvm::MemoryBuffer& object) -> Expected<void> {
  auto graph = link::createLinkGraphFromObject(object.getMemBufferRef());
  if (!graph) return std::unexpected(ToError(graph.takeError(), "native-link"));
  code_.resize(llvm::alignTo(code_.size(), kAlignment), '\0');
  ImageMemory memory(code_.size());
  std::string problem;
  link::link(std::move(*graph), std::make_unique<ImageContext>(memory, ImageMemory::kBase - names_distance_, functions_, problem));
  if (!problem.empty()) return std::unexpected(Error{.code = "native-link", .message = problem, .pointer = {}, .help = {}});
  code_ += memory.bytes();
  return {};
}

}  // namespace remit::jit
