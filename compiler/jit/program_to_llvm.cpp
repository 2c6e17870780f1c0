#include "compiler/jit/program_to_llvm.h"

#include <llvm/IR/Verifier.h>

#include "runtime/base/check.h"

namespace remit::jit {
namespace {

class PlanToLlvm {
 public:
  PlanToLlvm(llvm::Function& function, const ir::Program& program, const FunctionPlan& plan, size_t& left_out)
      : f_(function), program_(program), plan_(plan), function_(function), left_out_(left_out) {}

  void Run() {
    plan_.is_group ? EmitGroup() : EmitShape();
    f_.Finish();
  }

 private:
  void EmitShape() {
    const auto end = [&](BodyResult result) {
      auto* block = f_.NewBlock("end");
      const llvm::IRBuilderBase::InsertPointGuard guard(f_.b());
      f_.b().SetInsertPoint(block);
      f_.b().CreateRet(f_.I32(result));
      return block;
    };
    const Ends ends = {end(BodySatisfied), end(BodyNotSatisfied), end(BodyFailed), end(BodyReturned)};
    EmitBody(program_.bodies[plan_.bodies[0]], ends, function_.getArg(1));
  }

  void EmitBody(const ir::Body& body, const Ends& ends, llvm::Value* literals) {
    if (FitsNativeCode(body)) {
      BodyToLlvm(f_, program_, body, plan_.environment, literals).Emit(ends);
      return;
    }
    ++left_out_;
    f_.b().CreateBr(ends.failed);
  }

  // The bodies one after the other; each comes to two bits.
  void EmitGroup() {
    llvm::Value* satisfied = f_.I64(0);
    llvm::Value* failed = f_.I64(0);
    for (size_t i = 0; i < plan_.bodies.size(); ++i) {
      const Ends ends = {f_.NewBlock("satisfied"), f_.NewBlock("not_satisfied"), f_.NewBlock("failed"), f_.NewBlock("returned")};
      EmitBody(program_.bodies[plan_.bodies[i]], ends, nullptr);
      auto* next = f_.NewBlock("body");
      for (auto* end : {ends.satisfied, ends.not_satisfied, ends.failed, ends.returned}) {
        f_.b().SetInsertPoint(end);
        f_.b().CreateBr(next);
      }
      f_.b().SetInsertPoint(next);
      auto* satisfied_bit = Bit(i, ends, ends.satisfied);
      auto* failed_bit = Bit(i, ends, ends.failed);
      satisfied = f_.b().CreateOr(satisfied, satisfied_bit);
      failed = f_.b().CreateOr(failed, failed_bit);
    }
    f_.b().CreateAggregateRet(std::array{satisfied, failed}.data(), 2);
  }

  // Bit i where the body came from this end.
  auto Bit(size_t i, const Ends& ends, llvm::BasicBlock* wanted) -> llvm::Value* {
    auto* phi = f_.b().CreatePHI(f_.b().getInt64Ty(), 4);
    for (auto* end : {ends.satisfied, ends.not_satisfied, ends.failed, ends.returned}) {
      phi->addIncoming(f_.I64(end == wanted ? uint64_t{1} << i : 0), end);
    }
    return phi;
  }

  FunctionBuilder f_;
  const ir::Program& program_;
  const FunctionPlan& plan_;
  llvm::Function& function_;
  size_t& left_out_;
};

auto Declare(llvm::Module& module, const FunctionPlan& plan) -> llvm::Function* {
  auto& context = module.getContext();
  auto* pointer = llvm::PointerType::get(context, 0);
  auto* word = llvm::Type::getInt64Ty(context);
  llvm::Type* result = llvm::Type::getInt32Ty(context);
  if (plan.is_group) result = llvm::StructType::get(word, word);
  std::vector<llvm::Type*> parameters(plan.is_group ? 1 : 2, pointer);
  auto* type = llvm::FunctionType::get(result, parameters, false);
  auto* function = llvm::Function::Create(type, llvm::Function::ExternalLinkage, plan.name, module);
  function->setDoesNotThrow();
  function->setDSOLocal(true);
  // A call of the C library's would be a relocation.
  function->addFnAttr("no-builtins");
  function->getArg(0)->setName("frame");
  if (!plan.is_group) function->getArg(1)->setName("literals");
  return function;
}

// Broken code is our bug; release builds save the time.
void CheckModule([[maybe_unused]] const llvm::Module& module) {
#ifndef NDEBUG
  std::string problem;
  llvm::raw_string_ostream stream(problem);
  const bool is_broken = llvm::verifyModule(module, &stream);
  CHECK(!is_broken, problem);
#endif
}

}  // namespace

auto PlansToLlvm(llvm::LLVMContext& context, const llvm::DataLayout& layout, const llvm::Triple& triple, const ir::Program& program,
                 std::span<const FunctionPlan> plans, size_t& left_out) -> std::unique_ptr<llvm::Module> {
  auto module = std::make_unique<llvm::Module>("remit", context);
  module->setDataLayout(layout);
  module->setTargetTriple(triple.str());
  for (const auto& plan : plans) PlanToLlvm(*Declare(*module, plan), program, plan, left_out).Run();
  CheckModule(*module);
  return module;
}

}  // namespace remit::jit
