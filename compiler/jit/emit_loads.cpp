// Constants, the request's variables, moves, the time.
#include "compiler/jit/body_to_llvm.h"

namespace remit::jit {
namespace {

struct Variable {
  uint64_t uid;     // offsets in the frame
  uint64_t entity;
  const char* name;
};

auto EntityVariable(FunctionBuilder& f, const Environment& environment, const Variable& variable, SymbolId type) -> SsaValue {
  return {.kind = f.I8(Kind::Entity),
          .size = f.I32(0),
          .bits = f.FrameWord(f.b().getInt64Ty(), variable.uid, variable.name),
          .entity = f.RequestEntity(variable.entity, "entity"),
          .entity_type = type,
          .layout = environment.hints != nullptr ? environment.hints->OfEntityType(type) : LayoutId{}};
}

}  // namespace

void BodyToLlvm::EmitConst(const Instruction& i) { reg(i.dst) = Literal(i); }

void BodyToLlvm::EmitPrincipal(const Instruction& i) {
  reg(i.dst) = EntityVariable(f_, environment_, {offsetof(NativeFrame, principal), offsetof(NativeFrame, principal_entity), "principal"},
                              environment_.principal_type);
}

void BodyToLlvm::EmitAction(const Instruction& i) {
  const auto action = environment_.action;
  reg(i.dst) = EntityVariable(f_, environment_, {offsetof(NativeFrame, action), offsetof(NativeFrame, action_entity), "action"},
                              action ? action->type : SymbolId{});
  if (action) reg(i.dst).bits = f_.I64(action->packed());
}

void BodyToLlvm::EmitResource(const Instruction& i) {
  reg(i.dst) = EntityVariable(f_, environment_, {offsetof(NativeFrame, resource), offsetof(NativeFrame, resource_entity), "resource"},
                              environment_.resource_type);
}

void BodyToLlvm::EmitContext(const Instruction& i) {
  auto* data = f_.FrameWord(b().getInt64Ty(), offsetof(NativeFrame, context), "context");
  auto* size = f_.FrameWord(b().getInt32Ty(), offsetof(NativeFrame, context_size), "context_size");
  const bool has_hint = environment_.hints != nullptr && environment_.action;
  reg(i.dst) = {.kind = f_.I8(Kind::Record),
                .size = size,
                .bits = data,
                .layout = has_hint ? environment_.hints->OfContext(*environment_.action) : LayoutId{}};
}

void BodyToLlvm::EmitNow(const Instruction& i) {
  auto* has_now = f_.FrameWord(b().getInt32Ty(), offsetof(NativeFrame, has_now), "has_now");
  FailUnless(b().CreateICmpNE(has_now, f_.I32(0)));
  auto* now = f_.FrameWord(b().getInt64Ty(), offsetof(NativeFrame, now), "now");
  reg(i.dst) = {.kind = f_.I8(Kind::Datetime), .size = f_.I32(0), .bits = now};
}

void BodyToLlvm::EmitMove(const Instruction& i) { reg(i.dst) = reg(i.a); }

}  // namespace remit::jit
