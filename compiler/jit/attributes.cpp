// Attributes of records and entities, by checked position: the expected places first, a search where the key is elsewhere.
#include <algorithm>

#include "compiler/jit/body_to_llvm.h"

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

auto BodyToLlvm::FindField(const Fields& fields, SymbolId key, llvm::BasicBlock* absent) -> llvm::Value* {
  constexpr uint32_t kMaxPositions = 3;
  const auto hint = environment_.hints != nullptr ? environment_.hints->Find(fields.layout, key) : std::nullopt;
  auto* search = f_.NewBlock("search");
  auto* found = f_.NewBlock("found");
  std::vector<std::pair<llvm::Value*, llvm::BasicBlock*>> places;
  const uint32_t end = hint ? std::min(hint->last + 1, hint->first + kMaxPositions) : 0;
  for (uint32_t position = hint ? hint->first : 0; position < end; ++position) {
    auto* in_range = f_.NewBlock("in_range");
    auto* next = f_.NewBlock("next");
    f_.Branch(b().CreateICmpULT(f_.I32(position), fields.count), in_range, search);
    Continue(in_range);
    auto* key_there = f_.Load(b().getInt32Ty(), fields.data, uint64_t{position} * kFieldBytes + kFieldKey, "key");
    places.emplace_back(f_.At(fields.data, uint64_t{position} * kFieldBytes + kFieldValue), in_range);
    f_.Branch(b().CreateICmpEQ(key_there, f_.I32(key.value)), found, next);
    Continue(next);
  }
  b().CreateBr(search);

  Continue(search);
  auto* call = f_.NewBlock("call");
  f_.BranchUnlikely(b().CreateICmpEQ(fields.count, f_.I32(0)), absent, call);
  Continue(call);
  auto* searched = f_.Call(offsetof(NativeCalls, find_field), f_.PtrType(), std::array{fields.data, fields.count, f_.I32(key.value)});
  places.emplace_back(searched, call);
  f_.Branch(b().CreateICmpEQ(searched, f_.Null()), absent, found);

  Continue(found);
  auto* place = b().CreatePHI(f_.PtrType(), static_cast<unsigned>(places.size()), "field");
  for (const auto& [value, from] : places) place->addIncoming(value, from);
  return place;
}

auto BodyToLlvm::LayoutOf(const std::optional<PositionHint>& hint) const -> LayoutId {
  if (!hint || hint->field == nullptr) return {};
  if (hint->field->kind == Kind::Record) return hint->field->record;
  if (hint->field->kind == Kind::Entity) return environment_.hints->OfEntityType(hint->field->entity_type);
  return {};
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

void BodyToLlvm::EmitGetAttr(const Instruction& i) {
  const auto other = Else(i);
  if (!is_reachable_) return;
  const Fields fields = FieldsOf(i.a);
  const SymbolId key = {i.imm};
  auto* place = FindField(fields, key, ends_.failed);
  SsaValue value = f_.LoadValue(place);
  if (environment_.hints != nullptr) {
    const auto hint = environment_.hints->Find(fields.layout, key);
    value.layout = LayoutOf(hint);
    if (hint && hint->field != nullptr) value.expected_kind = hint->field->kind;
  }
  reg(i.dst) = value;
  Meet(i, other);
}

void BodyToLlvm::EmitHasAttr(const Instruction& i) {
  auto other = Else(i);
  if (!is_reachable_) return;
  const Fields fields = FieldsOf(i.a);
  auto* absent = f_.NewBlock("absent");
  auto* next = f_.NewBlock("has");
  FindField(fields, {i.imm}, absent);
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
