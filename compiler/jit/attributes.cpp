// Attributes and tags.
#include "compiler/jit/body_to_llvm.h"
#include "compiler/jit/field_lookup.h"

namespace remit::jit {

auto BodyToLlvm::FieldsOfEntity(ir::Register object) -> Fields {
  const EntityParts parts = f_.PartsOf(EntityOf(object));
  return {.data = parts.attrs, .count = parts.attr_count, .layout = reg(object).layout};
}

// What the object is expected to be, or may be expected to be, goes on behind the place where it is known to be that; the rest fails or is the
// handler's.
auto BodyToLlvm::FieldsOf(ir::Register object) -> Fields {
  const SsaValue value = reg(object);
  if (value.is_known(Kind::Record)) return {.data = f_.ToPointer(value.bits), .count = value.size, .layout = value.layout};
  return FieldsOfEntity(object);
}

// Whether the object is an entity or a record of which the fields can be looked at here; the result of the operation elsewhere, if there is an
// elsewhere.
auto BodyToLlvm::Else(const Instruction& i) -> std::optional<OtherWay> {
  const SsaValue value = reg(i.a);
  if (value.is_known(Kind::Record) || value.is_known(Kind::Entity)) return std::nullopt;
  if (value.known_kind()) {
    Fail();
    return std::nullopt;
  }
  const Kind expected = value.expected_kind == Kind::Record ? Kind::Record : Kind::Entity;
  auto* as_expected = f_.NewBlock("as_expected");
  auto* other = f_.NewBlock("other");
  f_.BranchLikely(IsKind(value, expected), as_expected, other);
  Continue(other);
  OtherWay way = {.object = value, .result = RunHandler(i, std::array{value}), .end = b().GetInsertBlock()};
  Continue(as_expected);
  reg(i.a).kind = f_.I8(expected);
  return way;
}

// Where the two ways to the operation's result meet.
void BodyToLlvm::Meet(const Instruction& i, const std::optional<OtherWay>& other) {
  if (!other) return;
  auto* here = b().GetInsertBlock();
  auto* next = f_.NewBlock("both");
  b().CreateBr(next);
  Continue(other->end);
  b().CreateBr(next);
  Continue(next);
  if (i.a != i.dst) reg(i.a) = other->object;
  SsaValue& result = reg(i.dst);
  result.kind = f_.Phi({{result.kind, here}, {other->result.kind, other->end}});
  result.size = f_.Phi({{result.size, here}, {other->result.size, other->end}});
  result.bits = f_.Phi({{result.bits, here}, {other->result.bits, other->end}});
  result.entity = nullptr;
}

// The attribute as it was looked up for all bodies of the group; null if it was not.
auto BodyToLlvm::SharedOf(const Instruction& i) const -> const SharedAttribute* {
  if (shared_ == nullptr) return nullptr;
  const auto it = shared_->find({registers_[i.a].variable, i.imm});
  return it == shared_->end() ? nullptr : &it->second;
}

void BodyToLlvm::EmitGetAttr(const Instruction& i) {
  if (const auto* shared = SharedOf(i)) {
    FailUnless(shared->is_present);
    reg(i.dst) = shared->value;
    return;
  }
  const auto other = Else(i);
  if (!is_reachable_) return;
  const Fields fields = FieldsOf(i.a);
  auto* place = FindField(f_, environment_.hints, fields, {i.imm}, ends_.failed);
  reg(i.dst) = LoadField(f_, environment_.hints, fields, {i.imm}, place);
  Meet(i, other);
}

void BodyToLlvm::EmitHasAttr(const Instruction& i) {
  if (const auto* shared = SharedOf(i)) return SetPredicate(i, shared->is_present);
  auto other = Else(i);
  if (!is_reachable_) return;
  const Fields fields = FieldsOf(i.a);
  auto* absent = f_.NewBlock("absent");
  auto* next = f_.NewBlock("has");
  FindField(f_, environment_.hints, fields, {i.imm}, absent);
  auto* present = b().GetInsertBlock();
  b().CreateBr(next);
  Continue(absent);
  b().CreateBr(next);
  Continue(next);
  SetPredicate(i, f_.Phi({{f_.Bool(true), present}, {f_.Bool(false), absent}}));
  if (other) other->result.kind = f_.I8(Kind::Bool);
  Meet(i, other);
  reg(i.dst).kind = f_.I8(Kind::Bool);
}

void BodyToLlvm::EmitGetTag(const Instruction& i) { SetBinaryFromHandler(i, std::nullopt); }
void BodyToLlvm::EmitHasTag(const Instruction& i) { SetBinaryFromHandler(i, Kind::Bool); }

}  // namespace remit::jit
