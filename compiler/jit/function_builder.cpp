#include "compiler/jit/function_builder.h"

#include <llvm/IR/MDBuilder.h>
#include <llvm/IR/Module.h>

#include <algorithm>

namespace remit::jit {

FunctionBuilder::FunctionBuilder(llvm::Function& function, bool calls_are_rare, ImageNames* names)
    : function_(function),
      calls_are_rare_(calls_are_rare),
      names_(names),
      entry_(llvm::BasicBlock::Create(function.getContext(), "entry", &function)),
      start_(llvm::BasicBlock::Create(function.getContext(), "start", &function)),
      builder_(start_) {}

void FunctionBuilder::Finish() {
  llvm::IRBuilder<> entry(entry_);
  if (operands_ != nullptr) operands_->setOperand(0, entry.getInt32(operand_count_));
  entry.CreateBr(start_);
}

auto FunctionBuilder::At(llvm::Value* base, uint64_t offset) -> llvm::Value* {
  return offset == 0 ? base : builder_.CreateConstInBoundsGEP1_64(builder_.getInt8Ty(), base, offset);
}

auto FunctionBuilder::Load(llvm::Type* type, llvm::Value* base, uint64_t offset, const char* name) -> llvm::Value* {
  // A vector is words behind one another, no more aligned than they are.
  auto* address = At(base, offset);
  auto* load = type->isVectorTy() ? builder_.CreateAlignedLoad(type, address, llvm::Align(sizeof(uint64_t)), name)
                                  : builder_.CreateLoad(type, address, name);
  load->setMetadata(llvm::LLVMContext::MD_invariant_load, llvm::MDNode::get(builder_.getContext(), {}));
  return load;
}

// The table lies in front of the code, at a distance that does not change.
auto FunctionBuilder::Name(llvm::Type* type, ImageName name) -> llvm::Value* {
  auto* module = function_.getParent();
  auto* table = module->getGlobalVariable(ImageNames::kTable);
  if (table == nullptr) {
    auto* words = llvm::ArrayType::get(builder_.getInt64Ty(), 0);
    table = new llvm::GlobalVariable(*module, words, false, llvm::GlobalValue::ExternalLinkage, nullptr, ImageNames::kTable);
    table->setVisibility(llvm::GlobalValue::HiddenVisibility);
    table->setDSOLocal(true);
  }
  return Load(type, table, uint64_t{names_->Find(name)} * sizeof(uint64_t), "name");
}

auto FunctionBuilder::Phi(std::initializer_list<std::pair<llvm::Value*, llvm::BasicBlock*>> ways) -> llvm::Value* {
  auto* phi = builder_.CreatePHI(ways.begin()->first->getType(), static_cast<unsigned>(ways.size()));
  for (const auto& [value, from] : ways) phi->addIncoming(value, from);
  return phi;
}

auto FunctionBuilder::FrameWord(llvm::Type* type, uint64_t offset, const char* name) -> llvm::Value* {
  auto [it, is_new] = frame_words_.try_emplace(offset, nullptr);
  if (is_new) {
    const llvm::IRBuilderBase::InsertPointGuard guard(builder_);
    builder_.SetInsertPoint(entry_);
    it->second = Load(type, frame(), offset, name);
  }
  return it->second;
}

auto FunctionBuilder::CallsWord(uint64_t offset) -> llvm::Value* {
  return Load(PtrType(), FrameWord(PtrType(), offsetof(NativeFrame, calls), "calls"), offset);
}

auto FunctionBuilder::RequestEntity(uint64_t offset, const char* name) -> llvm::Value* {
  auto& entity = request_entities_[offset];
  if (entity != nullptr) return entity;
  auto* given = FrameWord(PtrType(), offset, name);
  const llvm::IRBuilderBase::InsertPointGuard guard(builder_);
  builder_.SetInsertPoint(entry_);
  auto* nothing = NoEntity();
  entity = builder_.CreateSelect(builder_.CreateICmpEQ(given, Null()), nothing, given);
  request_parts_.emplace(entity, LoadParts(entity));
  return entity;
}

auto FunctionBuilder::PartsOf(llvm::Value* entity) -> EntityParts {
  const auto known = request_parts_.find(entity);
  return known != request_parts_.end() ? known->second : LoadParts(entity);
}

auto FunctionBuilder::LoadParts(llvm::Value* entity) -> EntityParts {
  auto* listed = Load(PtrType(), entity, kEntityAncestors, "ancestors");
  auto* none = CallsWord(offsetof(NativeCalls, no_ancestors));
  auto* lists_ancestors = builder_.CreateICmpNE(listed, Null());
  auto* ancestors = builder_.CreateSelect(lists_ancestors, listed, none);
  auto* mask = Load(builder_.getInt32Ty(), ancestors, AncestorSet::kMaskOffset, "mask");
  return {.attrs = Load(PtrType(), entity, kEntityAttrs + kSpanData, "attrs"),
          .attr_count = Load(builder_.getInt32Ty(), entity, kEntityAttrs + kSpanSize, "attr_count"),
          .lists_ancestors = lists_ancestors,
          .ancestors = ancestors,
          .mask = builder_.CreateZExt(mask, builder_.getInt64Ty())};
}

auto FunctionBuilder::LoadValue(llvm::Value* pointer, std::optional<Kind> kind) -> SsaValue {
  return {.kind = kind ? I8(*kind) : Load(builder_.getInt8Ty(), pointer, kValueKind, "kind"),
          .size = Load(builder_.getInt32Ty(), pointer, kValueSize, "size"),
          .bits = Load(builder_.getInt64Ty(), pointer, kValueBits, "bits")};
}

void FunctionBuilder::StoreValue(const SsaValue& value, llvm::Value* pointer) {
  builder_.CreateStore(value.kind, At(pointer, kValueKind));
  builder_.CreateStore(value.size, At(pointer, kValueSize));
  builder_.CreateStore(value.bits, At(pointer, kValueBits));
}

auto FunctionBuilder::OfBool(llvm::Value* i1) -> SsaValue {
  return {.kind = I8(Kind::Bool), .size = I32(0), .bits = builder_.CreateZExt(i1, builder_.getInt64Ty())};
}

auto FunctionBuilder::Call(uint64_t offset, llvm::Type* result, std::span<llvm::Value* const> arguments) -> llvm::Value* {
  std::vector<llvm::Type*> types;
  for (const auto* argument : arguments) types.push_back(argument->getType());
  auto* type = llvm::FunctionType::get(result, types, false);
  if (calls_are_rare_) return SavingCall(offset, type, arguments);
  auto* call = builder_.CreateCall(type, CallsWord(offset), {arguments.data(), arguments.size()});
  call->setDoesNotThrow();
  return call;
}

namespace {

// What dumps and perf show.
auto NameOfCall(uint64_t offset) -> std::string {
  constexpr std::pair<uint64_t, const char*> kNames[] = {
      {offsetof(NativeCalls, find_entity), "find_entity"},   {offsetof(NativeCalls, find_field), "find_field"},
      {offsetof(NativeCalls, is_below), "is_below"},         {offsetof(NativeCalls, is_in_any), "is_in_any"},
      {offsetof(NativeCalls, set_contains), "set_contains"}, {offsetof(NativeCalls, equal_bytes), "equal_bytes"},
  };
  for (const auto& [known, name] : kNames) {
    if (known == offset) return name;
  }
  const auto op = static_cast<ir::Op>((offset - offsetof(NativeCalls, run)) / sizeof(OperationCall));
  return std::string("run_").append(ir::OpName(op));
}

// `result name(frame, arguments...)`, which calls what NativeCalls has at the offset.
auto SavingFunction(llvm::Module& module, uint64_t offset, llvm::FunctionType* callee_type) -> llvm::Function* {
  const auto name = NameOfCall(offset);
  if (auto* known = module.getFunction(name)) return known;
  llvm::IRBuilder<> b(module.getContext());
  std::vector<llvm::Type*> types = {b.getPtrTy()};
  types.insert(types.end(), callee_type->param_begin(), callee_type->param_end());
  auto* type = llvm::FunctionType::get(callee_type->getReturnType(), types, false);
  auto* function = llvm::Function::Create(type, llvm::Function::InternalLinkage, name, module);
  function->setCallingConv(llvm::CallingConv::PreserveMost);
  function->addFnAttr(llvm::Attribute::NoInline);
  function->addFnAttr(llvm::Attribute::Cold);
  function->setDoesNotThrow();
  b.SetInsertPoint(llvm::BasicBlock::Create(module.getContext(), "entry", function));
  auto* calls = b.CreateLoad(b.getPtrTy(), b.CreateConstInBoundsGEP1_64(b.getInt8Ty(), function->getArg(0), offsetof(NativeFrame, calls)));
  auto* callee = b.CreateLoad(b.getPtrTy(), b.CreateConstInBoundsGEP1_64(b.getInt8Ty(), calls, offset));
  std::vector<llvm::Value*> arguments;
  for (auto& argument : llvm::drop_begin(function->args())) arguments.push_back(&argument);
  auto* call = b.CreateCall(callee_type, callee, arguments);
  call->setDoesNotThrow();
  b.CreateRet(call);
  return function;
}

}  // namespace

auto FunctionBuilder::SavingCall(uint64_t offset, llvm::FunctionType* type, std::span<llvm::Value* const> arguments) -> llvm::Value* {
  auto* function = SavingFunction(*function_.getParent(), offset, type);
  std::vector<llvm::Value*> all = {frame()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  auto* call = builder_.CreateCall(function, all);
  call->setCallingConv(llvm::CallingConv::PreserveMost);
  call->setDoesNotThrow();
  return call;
}

auto FunctionBuilder::StoreOperands(std::span<const SsaValue> operands) -> llvm::Value* {
  if (operands_ == nullptr) {
    const llvm::IRBuilderBase::InsertPointGuard guard(builder_);
    builder_.SetInsertPoint(entry_, entry_->begin());
    operands_ = builder_.CreateAlloca(ValueType(), I32(1), "operands");
  }
  // Two at least: handlers may be given the place of a second operand they do not read.
  operand_count_ = std::max({operand_count_, uint32_t{2}, static_cast<uint32_t>(operands.size())});
  for (size_t i = 0; i < operands.size(); ++i) StoreValue(operands[i], At(operands_, i * kValueBytes));
  return operands_;
}

auto FunctionBuilder::LoadCell(llvm::Value* cell) -> SsaValue {
  return {.kind = builder_.CreateLoad(builder_.getInt8Ty(), At(cell, kValueKind), "kind"),
          .size = builder_.CreateLoad(builder_.getInt32Ty(), At(cell, kValueSize), "size"),
          .bits = builder_.CreateLoad(builder_.getInt64Ty(), At(cell, kValueBits), "bits")};
}

auto FunctionBuilder::NewCell(llvm::Type* type) -> llvm::Value* {
  const llvm::IRBuilderBase::InsertPointGuard guard(builder_);
  builder_.SetInsertPoint(entry_, entry_->begin());
  return builder_.CreateAlloca(type, nullptr, "cell");
}

void FunctionBuilder::BranchUnlikely(llvm::Value* i1, llvm::BasicBlock* then, llvm::BasicBlock* otherwise) {
  builder_.CreateCondBr(i1, then, otherwise, llvm::MDBuilder(builder_.getContext()).createUnlikelyBranchWeights());
}

void FunctionBuilder::BranchLikely(llvm::Value* i1, llvm::BasicBlock* then, llvm::BasicBlock* otherwise) {
  builder_.CreateCondBr(i1, then, otherwise, llvm::MDBuilder(builder_.getContext()).createLikelyBranchWeights());
}

void FunctionBuilder::BranchUnlikelyAtOnce(llvm::Value* i1, llvm::BasicBlock* then, llvm::BasicBlock* otherwise) {
  BranchUnlikely(i1, then, otherwise);
  // What the condition is made of becomes a branch each otherwise.
  builder_.GetInsertBlock()->getTerminator()->setMetadata(llvm::LLVMContext::MD_unpredictable,
                                                          llvm::MDNode::get(builder_.getContext(), {}));
}

}  // namespace remit::jit
