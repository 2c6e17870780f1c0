#include "compiler/jit/program_to_llvm.h"

#include <llvm/IR/Verifier.h>

#include "runtime/base/check.h"

namespace remit::jit {
namespace {

class PlanToLlvm {
 public:
  PlanToLlvm(llvm::Function& function, const ir::Program& program, const FunctionPlan& plan, NativeLevel level, size_t& left_out,
             ImageNames* names)
      : f_(function, level == NativeLevel::Full, names), program_(program), plan_(plan), function_(function), left_out_(left_out) {}

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
    EmitBody(program_.bodies[plan_.bodies[0]], ends, function_.getArg(1), nullptr);
  }

  void EmitBody(const ir::Body& body, const Ends& ends, llvm::Value* literals, const SharedAttributes* shared) {
    if (FitsNativeCode(body)) {
      BodyToLlvm(f_, program_, body, plan_.environment, literals, shared).Emit(ends);
      return;
    }
    ++left_out_;
    f_.b().CreateBr(ends.failed);
  }

  // The bodies one after the other; each may set a bit. Whether it is satisfied becomes its bit without a branch, which would often be
  // foreseen wrongly.
  void EmitGroup() {
    auto& b = f_.b();
    const auto shared = ShareAttributes(f_, plan_.environment, program_, plan_.bodies);
    llvm::Value* satisfied = f_.I64(0);
    llvm::Value* failed = f_.I64(0);
    for (size_t i = 0; i < plan_.bodies.size(); ++i) {
      auto* no = f_.NewBlock("not_satisfied");
      const Ends ends = {.satisfied = f_.NewBlock("satisfied"), .not_satisfied = no, .failed = f_.NewBlock("failed"), .returned = no};
      EmitBody(program_.bodies[plan_.bodies[i]], ends, nullptr, &shared);
      auto* concluded = f_.NewBlock("concluded");
      auto* next = f_.NewBlock("next_body");
      for (auto* end : {ends.satisfied, ends.not_satisfied}) {
        b.SetInsertPoint(end);
        b.CreateBr(concluded);
      }
      b.SetInsertPoint(concluded);
      auto* is_satisfied = f_.Phi({{f_.Bool(true), ends.satisfied}, {f_.Bool(false), ends.not_satisfied}});
      auto* with_bit = b.CreateOr(satisfied, b.CreateShl(b.CreateZExt(is_satisfied, b.getInt64Ty()), i));
      b.CreateBr(next);
      b.SetInsertPoint(ends.failed);
      auto* with_failed_bit = b.CreateOr(failed, f_.I64(uint64_t{1} << i));
      b.CreateBr(next);
      b.SetInsertPoint(next);
      satisfied = f_.Phi({{with_bit, concluded}, {satisfied, ends.failed}});
      failed = f_.Phi({{failed, concluded}, {with_failed_bit, ends.failed}});
    }
    b.CreateAggregateRet(std::array{satisfied, failed}.data(), 2);
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
                 std::span<const FunctionPlan> plans, NativeLevel level, size_t& left_out, ImageNames* names)
    -> std::unique_ptr<llvm::Module> {
  auto module = std::make_unique<llvm::Module>("remit", context);
  module->setDataLayout(layout);
  module->setTargetTriple(triple.str());
  for (const auto& plan : plans) PlanToLlvm(*Declare(*module, plan), program, plan, level, left_out, names).Run();
  CheckModule(*module);
  return module;
}

}  // namespace remit::jit
