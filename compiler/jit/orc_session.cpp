#include "compiler/jit/orc_session.h"

#include <llvm/ExecutionEngine/Orc/DebugObjectManagerPlugin.h>
#include <llvm/ExecutionEngine/Orc/EPCDebugObjectRegistrar.h>
#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>
#include <llvm/ExecutionEngine/Orc/TargetProcess/JITLoaderGDB.h>

#include <algorithm>
#include <unordered_map>

#include "compiler/jit/code_target.h"

namespace remit::jit {

namespace {

// Debuggers are told by a call of this process, which they have a breakpoint in.
void RegisterWithDebuggers(llvm::orc::LLJIT& jit) {
  auto& session = jit.getExecutionSession();
  const auto call = llvm::orc::ExecutorAddr::fromPtr(&llvm_orc_registerJITLoaderGDBAllocAction);
  auto registrar = std::make_unique<llvm::orc::EPCDebugObjectRegistrar>(session, call);
  if (auto* layer = llvm::dyn_cast<llvm::orc::ObjectLinkingLayer>(&jit.getObjLinkingLayer())) {
    layer->addPlugin(std::make_unique<llvm::orc::DebugObjectManagerPlugin>(session, std::move(registrar), false, true));
  }
}

}  // namespace

auto OrcSession::Make(const OrcOptions& options) -> Expected<std::shared_ptr<OrcSession>> {
  RegisterHost();
  // No platform: there are no initialisers to run, and code may find nothing of this process by name.
  auto jit = llvm::orc::LLJITBuilder().setLinkProcessSymbolsByDefault(false).setPlatformSetUp(llvm::orc::setUpInactivePlatform).create();
  if (!jit) return std::unexpected(ToError(jit.takeError(), "native-session"));
  if (options.debugger) RegisterWithDebuggers(**jit);
  return std::shared_ptr<OrcSession>(new OrcSession(std::move(*jit), options));
}

auto OrcSession::Load(std::vector<std::unique_ptr<llvm::MemoryBuffer>> objects) -> Expected<std::unique_ptr<LoadedCode>> {
  auto& library = jit_->getExecutionSession().createBareJITDylib("policies" + std::to_string(next_library_++));
  std::vector<FunctionSize> sizes;
  if (options_.perf_map) {
    for (const auto& object : objects) std::ranges::move(FunctionsOf(*object), std::back_inserter(sizes));
  }
  auto code = std::make_unique<LoadedCode>(shared_from_this(), library, std::move(sizes));
  for (auto& object : objects) {
    if (auto error = jit_->addObjectFile(library, std::move(object))) return std::unexpected(ToError(std::move(error), "native-link"));
  }
  return code;
}

LoadedCode::~LoadedCode() {
  // Names stay in LLVM's pool of strings until nobody uses them and somebody looks.
  auto& session = session_->jit_->getExecutionSession();
  // Nothing to report it to, and nothing to be done: the memory is not given back.
  llvm::consumeError(session.removeJITDylib(*library_));
  session.getSymbolStringPool()->clearDeadEntries();
}

auto LoadedCode::AddressesOf(std::span<const std::string> names) -> Expected<std::vector<void*>> {
  auto& session = session_->jit_->getExecutionSession();
  std::vector<llvm::orc::SymbolStringPtr> symbols;
  for (const auto& name : names) symbols.push_back(session_->jit_->mangleAndIntern(name));
  auto found = session.lookup(llvm::orc::makeJITDylibSearchOrder(library_), llvm::orc::SymbolLookupSet(symbols));
  if (!found) return std::unexpected(ToError(found.takeError(), "native-link"));
  std::vector<void*> addresses;
  for (const auto& symbol : symbols) addresses.push_back((*found)[symbol].getAddress().toPtr<void*>());
  return addresses;
}

auto LoadedCode::Find(std::span<const std::string> names) -> Expected<std::vector<void*>> {
  auto addresses = AddressesOf(names);
  if (addresses && !sizes_.empty()) NameForPerf(names, *addresses);
  return addresses;
}

void LoadedCode::NameForPerf(std::span<const std::string> names, std::span<void* const> addresses) {
  std::unordered_map<std::string_view, void*> by_name;
  for (size_t i = 0; i < names.size(); ++i) by_name.emplace(names[i], addresses[i]);
  std::erase_if(sizes_, [&](const FunctionSize& function) { return !by_name.contains(function.name); });
  std::vector<void*> in_order;
  for (const auto& function : sizes_) in_order.push_back(by_name[function.name]);
  AddToPerfMap(sizes_, in_order);
  sizes_.clear();
}

}  // namespace remit::jit
