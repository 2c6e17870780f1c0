#include "compiler/jit/dump.h"

#include <fmt/format.h>

#include "compiler/jit/code_target.h"
#include "compiler/jit/program_to_llvm.h"
#include "runtime/native/shapes.h"

namespace remit {
namespace {

// `shape0: policy0, policy3 and 17 more`.
auto PoliciesOf(uint32_t shape, const Shapes& shapes, const ir::Program& program, const Interner& interner) -> std::string {
  constexpr size_t kMostNames = 8;
  std::string names;
  size_t count = 0;
  for (const auto& policy : program.policies) {
    if (shapes.shape_of_body[policy.body] != shape || ++count > kMostNames) continue;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", interner.text(policy.id));
  }
  return count > kMostNames ? fmt::format("{} and {} more", names, count - kMostNames) : names;
}

// Without what they call: each of those saves the registers and calls a function of the runtime.
auto PrintFunctions(const llvm::Module& module, std::span<const jit::FunctionPlan> plans, std::span<const std::string> comments)
    -> std::string {
  std::string text;
  llvm::raw_string_ostream stream(text);
  for (size_t i = 0; i < plans.size(); ++i) {
    stream << "; " << comments[i] << '\n';
    module.getFunction(plans[i].name)->print(stream);
    stream << '\n';
  }
  return text;
}

}  // namespace

auto DumpNative(const ir::Program& program, const Interner& interner, NativeText text) -> Expected<std::string> {
  auto target = jit::CodeTarget::Host(NativeLevel::Full);
  if (!target) return std::unexpected(std::move(target.error()));
  const auto shapes = FindShapes(program);
  std::vector<jit::FunctionPlan> plans;
  std::vector<std::string> comments;
  for (uint32_t shape = 0; shape < shapes.shapes.size(); ++shape) {
    plans.push_back({.name = fmt::format("shape{}", shape), .bodies = {shapes.shapes[shape].body}, .environment = {}});
    comments.push_back(plans.back().name + ": " + PoliciesOf(shape, shapes, program, interner));
  }
  llvm::LLVMContext context;
  size_t left_out = 0;
  auto module = jit::PlansToLlvm(context, target->layout(), target->triple(), program, plans, NativeLevel::Full, left_out);
  target->Optimise(*module);
  if (text == NativeText::Llvm) return PrintFunctions(*module, plans, comments);
  std::string assembly;
  for (const auto& comment : comments) assembly += "# " + comment + '\n';
  return assembly + target->ToAssembly(*module);
}

}  // namespace remit
