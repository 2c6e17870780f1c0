// Tests of kinds, and what they prove.
#include "compiler/jit/body_to_llvm.h"

namespace remit::jit {

auto BodyToLlvm::IsKind(const SsaValue& value, Kind kind) -> llvm::Value* { return b().CreateICmpEQ(value.kind, f_.I8(kind)); }

auto BodyToLlvm::Require(ir::Register index, Kind kind) -> const SsaValue& {
  SsaValue& value = reg(index);
  FailUnless(IsKind(value, kind));
  value.kind = f_.I8(kind);
  return value;
}

// As Value::length; an entity's size word is no length.
auto BodyToLlvm::LengthOf(const SsaValue& value) -> llvm::Value* {
  if (const auto kind = value.known_kind()) {
    switch (*kind) {
      case Kind::Bool:
      case Kind::Long:
      case Kind::Entity:
      case Kind::Ip:
      case Kind::Decimal:
      case Kind::Datetime:
      case Kind::Duration: return f_.I32(0);
      case Kind::String:
      case Kind::Set:
      case Kind::Record:
      case Kind::Url:
      case Kind::Path:
      case Kind::Email:
      case Kind::Command:
      case Kind::Semver: return value.size;
    }
  }
  return b().CreateSelect(IsKind(value, Kind::Entity), f_.I32(0), value.size);
}

auto BodyToLlvm::AsBool(const SsaValue& value) -> llvm::Value* {
  const auto* widened = llvm::dyn_cast<llvm::ZExtInst>(value.bits);
  if (widened != nullptr && widened->getSrcTy()->isIntegerTy(1)) return widened->getOperand(0);
  return b().CreateICmpNE(value.bits, f_.I64(0));
}

}  // namespace remit::jit
