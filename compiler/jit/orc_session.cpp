#include "compiler/jit/orc_session.h"

#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>

#include "compiler/jit/code_target.h"

namespace remit::jit {

auto OrcSession::Make() -> Expected<std::shared_ptr<OrcSession>> {
  RegisterHost();
  // No platform: there are no initialisers to run, and code may find nothing of this process by name.
  auto jit = llvm::orc::LLJITBuilder().setLinkProcessSymbolsByDefault(false).setPlatformSetUp(llvm::orc::setUpInactivePlatform).create();
  if (!jit) return std::unexpected(ToError(jit.takeError(), "native-session"));
  return std::shared_ptr<OrcSession>(new OrcSession(std::move(*jit)));
}

auto OrcSession::Load(std::vector<std::unique_ptr<llvm::MemoryBuffer>> objects) -> Expected<std::unique_ptr<LoadedCode>> {
  auto& library = jit_->getExecutionSession().createBareJITDylib("policies" + std::to_string(next_library_++));
  auto code = std::make_unique<LoadedCode>(shared_from_this(), library);
  for (auto& object : objects) {
    if (auto error = jit_->addObjectFile(library, std::move(object))) return std::unexpected(ToError(std::move(error), "native-link"));
  }
  return code;
}

LoadedCode::~LoadedCode() {
  // Nothing to report it to, and nothing to be done: the memory is not given back.
  llvm::consumeError(session_->jit_->getExecutionSession().removeJITDylib(*library_));
}

auto LoadedCode::Find(std::span<const std::string> names) -> Expected<std::vector<const void*>> {
  auto& session = session_->jit_->getExecutionSession();
  std::vector<llvm::orc::SymbolStringPtr> symbols;
  for (const auto& name : names) symbols.push_back(session_->jit_->mangleAndIntern(name));
  auto found = session.lookup(llvm::orc::makeJITDylibSearchOrder(library_), llvm::orc::SymbolLookupSet(symbols));
  if (!found) return std::unexpected(ToError(found.takeError(), "native-link"));
  std::vector<const void*> addresses;
  for (const auto& symbol : symbols) addresses.push_back((*found)[symbol].getAddress().toPtr<const void*>());
  return addresses;
}

}  // namespace remit::jit
