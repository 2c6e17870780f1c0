// LLVM's memory for a module is given back between batches. What is large is compiled quickly whatever is asked for: the time that optimising
// takes grows faster than the code, and such code is slow for what it does, not for how.
#include "compiler/jit/objects.h"

#include <numeric>

#include "compiler/jit/code_target.h"

namespace remit::jit {
namespace {

constexpr size_t kMaxFunctions = 64;
constexpr size_t kMaxOperations = 4'000;  // of a batch
constexpr size_t kMaxOptimised = 2'000;  // operations of a function

auto OperationsOf(const ir::Program& program, const FunctionPlan& plan) -> size_t {
  return std::transform_reduce(plan.bodies.begin(), plan.bodies.end(), size_t{0}, std::plus<>(),
                               [&](uint32_t body) { return FitsNativeCode(program.bodies[body]) ? program.bodies[body].code.size() : 0; });
}

// The first functions of `plans` that are compiled together, one at least.
struct Batch {
  size_t functions = 0;
  size_t operations = 0;
};

auto NextBatch(const ir::Program& program, std::span<const FunctionPlan> plans) -> Batch {
  Batch batch;
  for (const auto& plan : plans) {
    const size_t operations = OperationsOf(program, plan);
    const bool stands_alone = operations > kMaxOptimised;
    if (batch.functions > 0 && (stands_alone || batch.functions == kMaxFunctions || batch.operations + operations > kMaxOperations)) break;
    batch = {.functions = batch.functions + 1, .operations = batch.operations + operations};
    if (stands_alone) break;
  }
  return batch;
}

auto MakeTarget(std::string_view target, NativeLevel level) -> Expected<CodeTarget> {
  return target.empty() ? CodeTarget::Host(level) : CodeTarget::Named(target, level);
}

}  // namespace

auto Objects::bytes() const -> size_t {
  return std::transform_reduce(files.begin(), files.end(), size_t{0}, std::plus<>(),
                               [](const auto& file) { return file->getBufferSize(); });
}

auto MakeObjects(const ir::Program& program, std::span<const FunctionPlan> plans, NativeLevel level, std::string_view target,
                 ImageNames* names) -> Expected<Objects> {
  Objects objects;
  auto wanted = MakeTarget(target, level);
  auto quick = MakeTarget(target, NativeLevel::Quick);
  if (!wanted) return std::unexpected(std::move(wanted.error()));
  while (!plans.empty()) {
    const Batch batch = NextBatch(program, plans);
    const bool is_large = batch.functions == 1 && batch.operations > kMaxOptimised;
    auto& used = is_large ? *quick : *wanted;
    llvm::LLVMContext context;
    auto module = PlansToLlvm(context, used.layout(), used.triple(), program, plans.first(batch.functions),
                              is_large ? NativeLevel::Quick : level, objects.left_out, names);
    used.Optimise(*module);
    auto object = used.ToObject(*module);
    if (!object) return std::unexpected(std::move(object.error()));
    objects.files.push_back(std::move(*object));
    plans = plans.subspan(batch.functions);
  }
  return objects;
}

}  // namespace remit::jit
