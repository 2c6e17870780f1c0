// Constants, patterns and regular expressions: read from the table of a shape, or built in.
#include "compiler/jit/body_to_llvm.h"

namespace remit::jit {

auto BodyToLlvm::Literal(const Instruction& i) -> SsaValue {
  if (literals_ == nullptr) return BuiltIn(i.imm);
  // The kind is part of the shape.
  return f_.LoadValue(f_.At(literals_, uint64_t{next_literal_} * kValueBytes), program_.constants[i.imm].kind());
}

auto BodyToLlvm::LiteralIndex(const Instruction& i) -> llvm::Value* {
  if (literals_ == nullptr) return f_.I32(i.imm);
  return b().CreateTrunc(f_.Load(b().getInt64Ty(), literals_, uint64_t{next_literal_} * kValueBytes + kValueBits), b().getInt32Ty());
}

// What is in the value itself is in the code; what it points to is found through the frame.
auto BodyToLlvm::BuiltIn(uint32_t constant) -> SsaValue {
  const Value& value = program_.constants[constant];
  SsaValue built = {.kind = f_.I8(value.kind()), .size = f_.I32(value.length()), .bits = nullptr};
  switch (value.kind()) {
    case Kind::Bool: built.bits = f_.I64(value.as_bool() ? 1 : 0); return built;
    case Kind::Long: built.bits = f_.I64(static_cast<uint64_t>(value.as_long())); return built;
    case Kind::Decimal: built.bits = f_.I64(static_cast<uint64_t>(value.as_decimal().units)); return built;
    case Kind::Datetime: built.bits = f_.I64(static_cast<uint64_t>(value.as_datetime().millis)); return built;
    case Kind::Duration: built.bits = f_.I64(static_cast<uint64_t>(value.as_duration().millis)); return built;
    case Kind::Entity:
      built.bits = f_.Uid(value.as_entity());
      built.entity_type = value.as_entity().type;
      return built;
    case Kind::String:
    case Kind::Set:
    case Kind::Record:
    case Kind::Ip:
    case Kind::Url:
    case Kind::Path:
    case Kind::Email:
    case Kind::Command:
    case Kind::Semver: break;
  }
  auto* constants = f_.FrameWord(f_.PtrType(), offsetof(NativeFrame, constants), "constants");
  built.bits = f_.Load(b().getInt64Ty(), constants, uint64_t{constant} * kValueBytes + kValueBits);
  return built;
}

}  // namespace remit::jit
