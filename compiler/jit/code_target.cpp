#include "compiler/jit/code_target.h"

#include <llvm/IR/LegacyPassManager.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/SmallVectorMemoryBuffer.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/SubtargetFeature.h>

#include <mutex>

#include "compiler/jit/optimise.h"

namespace remit::jit {
namespace {

auto HostFeatures() -> std::string {
  llvm::SubtargetFeatures features;
  for (const auto& feature : llvm::sys::getHostCPUFeatures()) features.AddFeature(feature.first(), feature.second);
  return features.getString();
}

auto EmitFile(llvm::TargetMachine& machine, llvm::Module& module, llvm::CodeGenFileType type, llvm::SmallVectorImpl<char>& bytes) -> bool {
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  if (machine.addPassesToEmitFile(passes, stream, nullptr, type)) return false;
  passes.run(module);
  return true;
}

}  // namespace

auto ToError(llvm::Error error, std::string_view code) -> Error {
  return {.code = std::string(code), .message = llvm::toString(std::move(error)), .pointer = {}, .help = {}};
}

void RegisterHost() {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  });
}

auto CodeTarget::Host(NativeLevel level) -> Expected<CodeTarget> { return Make(llvm::sys::getHostCPUName().str(), HostFeatures(), level); }

auto CodeTarget::Named(std::string_view target, NativeLevel level) -> Expected<CodeTarget> {
  const bool is_x86 = llvm::Triple(llvm::sys::getProcessTriple()).getArch() == llvm::Triple::x86_64;
  if (!is_x86 || !target.starts_with("x86-64")) {
    return std::unexpected(
        Error{.code = "native-target", .message = "there is no code for `" + std::string(target) + "` here", .pointer = {}, .help = {}});
  }
  return Make(std::string(target), {}, level);
}

auto CodeTarget::Make(const std::string& cpu, const std::string& features, NativeLevel level) -> Expected<CodeTarget> {
  RegisterHost();
  const llvm::Triple triple(llvm::sys::getProcessTriple());
  std::string problem;
  const auto* target = llvm::TargetRegistry::lookupTarget(triple.str(), problem);
  if (target == nullptr) return std::unexpected(Error{.code = "native-target", .message = problem, .pointer = {}, .help = {}});
  const auto codegen = level == NativeLevel::Quick ? llvm::CodeGenOptLevel::None : llvm::CodeGenOptLevel::Default;
  // Position-independent and without tables for unwinding: nothing throws through native code.
  std::unique_ptr<llvm::TargetMachine> machine(
      target->createTargetMachine(triple.str(), cpu, features, {}, llvm::Reloc::PIC_, llvm::CodeModel::Small, codegen, true));
  return CodeTarget(std::move(machine), level);
}

void CodeTarget::Optimise(llvm::Module& module) { jit::Optimise(module, *machine_, level_); }

auto CodeTarget::ToObject(llvm::Module& module) -> Expected<std::unique_ptr<llvm::MemoryBuffer>> {
  llvm::SmallVector<char, 0> bytes;
  if (!EmitFile(*machine_, module, llvm::CodeGenFileType::ObjectFile, bytes))
    return std::unexpected(Error{.code = "native-target", .message = "no object files for this processor", .pointer = {}, .help = {}});
  return std::make_unique<llvm::SmallVectorMemoryBuffer>(std::move(bytes), "remit", false);
}

auto CodeTarget::ToAssembly(llvm::Module& module) -> std::string {
  llvm::SmallVector<char, 0> bytes;
  EmitFile(*machine_, module, llvm::CodeGenFileType::AssemblyFile, bytes);
  return {bytes.begin(), bytes.end()};
}

}  // namespace remit::jit
