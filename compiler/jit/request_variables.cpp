#include "compiler/jit/request_variables.h"

#include "compiler/jit/field_lookup.h"

namespace remit::jit {
namespace {

struct Places {
  uint64_t uid;  // offsets in the frame
  uint64_t entity;
  const char* name;
};

auto LoadEntity(FunctionBuilder& f, const Environment& environment, Variable variable, const Places& places, SymbolId type) -> SsaValue {
  return {.kind = f.I8(Kind::Entity),
          .size = f.I32(0),
          .bits = f.FrameWord(f.b().getInt64Ty(), places.uid, places.name),
          .entity = f.RequestEntity(places.entity, "entity"),
          .entity_type = type,
          .layout = environment.hints != nullptr ? environment.hints->OfEntityType(type) : LayoutId{},
          .variable = variable};
}

auto LoadContext(FunctionBuilder& f, const Environment& environment) -> SsaValue {
  const bool has_hint = environment.hints != nullptr && environment.action;
  return {.kind = f.I8(Kind::Record),
          .size = f.FrameWord(f.b().getInt32Ty(), offsetof(NativeFrame, request.context_size), "context_size"),
          .bits = f.FrameWord(f.b().getInt64Ty(), offsetof(NativeFrame, request.context), "context"),
          .layout = has_hint ? environment.hints->OfContext(*environment.action) : LayoutId{},
          .variable = Variable::Context};
}

auto VariableOf(ir::Op op) -> Variable {
  if (op == ir::Op::Principal) return Variable::Principal;
  if (op == ir::Op::Action) return Variable::Action;
  if (op == ir::Op::Resource) return Variable::Resource;
  if (op == ir::Op::Context) return Variable::Context;
  return Variable::None;
}

// How many bodies read an attribute, and how many read attributes of it.
struct Readers {
  uint32_t attribute = 0;
  uint32_t behind = 0;
};
using ReaderMap = std::map<std::pair<Variable, uint32_t>, Readers>;

auto ReadsAttribute(const ir::Instruction& i) -> bool { return i.op == ir::Op::GetAttr || i.op == ir::Op::HasAttr; }

// A variable is in the register in front of the operation that reads its attribute: as code is made from policies. Code made otherwise is
// right too, it only shares less.
auto CountReaders(const ir::Program& program, std::span<const uint32_t> bodies) -> ReaderMap {
  ReaderMap readers;
  for (const auto body : bodies) {
    ReaderMap of_body;
    const auto& code = program.bodies[body].code;
    for (size_t at = 1; at < code.size(); ++at) {
      const auto variable = VariableOf(code[at - 1].op);
      if (variable == Variable::None || !ReadsAttribute(code[at]) || code[at].a != code[at - 1].dst) continue;
      auto& counted = of_body[{variable, code[at].imm}];
      counted.attribute = 1;
      const bool goes_on =
          at + 1 < code.size() && code[at].op == ir::Op::GetAttr && ReadsAttribute(code[at + 1]) && code[at + 1].a == code[at].dst;
      if (goes_on) counted.behind = 1;
    }
    for (const auto& [key, counted] : of_body) {
      readers[key].attribute += counted.attribute;
      readers[key].behind += counted.behind;
    }
  }
  return readers;
}

// No kind of value has this number.
constexpr uint8_t kAbsent = 0xFF;

auto Share(FunctionBuilder& f, const Environment& environment, Variable variable, SymbolId key) -> SharedAttribute {
  auto& b = f.b();
  const SsaValue object = LoadVariable(f, environment, variable);
  Fields fields = {.data = nullptr, .count = nullptr, .layout = object.layout};
  if (variable == Variable::Context) {
    fields.data = f.ToPointer(object.bits);
    fields.count = object.size;
  } else {
    const EntityParts parts = f.PartsOf(object.entity);
    fields.data = parts.attrs;
    fields.count = parts.attr_count;
  }
  auto* absent = f.NewBlock("absent");
  auto* next = f.NewBlock("shared");
  auto* place = FindField(f, environment.hints, fields, key, absent);
  SsaValue value = LoadField(f, environment.hints, fields, key, place);
  auto* present = b.GetInsertBlock();
  b.CreateBr(next);
  b.SetInsertPoint(absent);
  b.CreateBr(next);
  b.SetInsertPoint(next);
  value.kind = f.Phi({{value.kind, present}, {b.getInt8(kAbsent), absent}});
  value.size = f.Phi({{value.size, present}, {f.I32(0), absent}});
  value.bits = f.Phi({{value.bits, present}, {f.I64(0), absent}});
  return {.value = value, .is_present = b.CreateICmpNE(value.kind, b.getInt8(kAbsent))};
}

void ShareEntity(FunctionBuilder& f, SsaValue& value) {
  auto& b = f.b();
  auto* nothing = f.NoEntity();
  auto* from = b.GetInsertBlock();
  auto* is_entity = f.NewBlock("is_entity");
  auto* next = f.NewBlock("shared_entity");
  f.BranchLikely(b.CreateICmpEQ(value.kind, f.I8(Kind::Entity)), is_entity, next);
  b.SetInsertPoint(is_entity);
  auto* found = FindEntity(f, value);
  auto* end = b.GetInsertBlock();
  b.CreateBr(next);
  b.SetInsertPoint(next);
  value.entity = f.Phi({{nothing, from}, {found, end}});
  f.ShareParts(value.entity);
}

}  // namespace

auto LoadVariable(FunctionBuilder& f, const Environment& environment, Variable variable) -> SsaValue {
  switch (variable) {
    case Variable::Principal:
      return LoadEntity(f, environment, variable,
                        {offsetof(NativeFrame, request.principal), offsetof(NativeFrame, request.principal_entity), "principal"},
                        environment.principal_type);
    case Variable::Resource:
      return LoadEntity(f, environment, variable,
                        {offsetof(NativeFrame, request.resource), offsetof(NativeFrame, request.resource_entity), "resource"},
                        environment.resource_type);
    case Variable::Action: {
      const auto action = environment.action;
      auto value = LoadEntity(f, environment, variable,
                              {offsetof(NativeFrame, request.action), offsetof(NativeFrame, request.action_entity), "action"},
                              action ? action->type : SymbolId{});
      if (action) value.bits = f.Uid(*action);
      return value;
    }
    case Variable::Context:
    case Variable::None: break;
  }
  return LoadContext(f, environment);
}

auto ShareAttributes(FunctionBuilder& f, const Environment& environment, const ir::Program& program, std::span<const uint32_t> bodies)
    -> SharedAttributes {
  SharedAttributes shared;
  for (const auto& [key, readers] : CountReaders(program, bodies)) {
    if (readers.attribute < 2) continue;
    auto attribute = Share(f, environment, key.first, {key.second});
    if (readers.behind > 1 && attribute.value.expected_kind.value_or(Kind::Entity) == Kind::Entity) ShareEntity(f, attribute.value);
    shared.emplace(key, attribute);
  }
  return shared;
}

}  // namespace remit::jit
