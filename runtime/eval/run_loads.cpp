// Handlers: constants, the request's variables, moves, attributes and tags.
#include "runtime/eval/errors.h"

namespace remit::eval {

auto RunConst(Machine& m, const ir::Instruction& i) -> Step { return m.Set(i, m.program.constants[i.imm]); }
auto RunPrincipal(Machine& m, const ir::Instruction& i) -> Step { return m.Set(i, Value::OfEntity(m.input.request.principal)); }
auto RunAction(Machine& m, const ir::Instruction& i) -> Step { return m.Set(i, Value::OfEntity(m.input.request.action)); }
auto RunResource(Machine& m, const ir::Instruction& i) -> Step { return m.Set(i, Value::OfEntity(m.input.request.resource)); }
auto RunContext(Machine& m, const ir::Instruction& i) -> Step { return m.Set(i, Value::OfSortedRecord(m.input.request.context)); }
auto RunNow(Machine& m, const ir::Instruction& i) -> Step {
  if (!m.input.now) return Fail(m, "time-missing", "`now()` has no value: no time was given for this evaluation");
  return m.Set(i, Value::OfDatetime(*m.input.now));
}
auto RunMove(Machine& m, const ir::Instruction& i) -> Step { return m.Set(i, m.registers[i.a]); }

namespace {

auto GetEntityAttr(Machine& m, const ir::Instruction& i, const Value& object) -> Step {
  const Entity* entity = m.input.entities.Find(object);
  if (entity == nullptr) return FailMissingEntity(m, object.as_entity());
  const Value* value = FindField(entity->attrs, {i.imm});
  return value == nullptr ? FailMissingAttribute(m, *entity, {i.imm}) : m.Set(i, *value);
}

// The entity and the tag's name, or the type error. A name that was never interned is no entity's tag.
struct TagOperands {
  Step step = Step::Next;
  const Entity* entity = nullptr;
  SymbolId tag = {};
};

auto ReadTagOperands(Machine& m, const ir::Instruction& i) -> TagOperands {
  const Value& object = m.registers[i.a];
  const Value& name = m.registers[i.b];
  if (!object.is(Kind::Entity)) return {.step = FailType(m, {Kind::Entity}, object)};
  if (!name.is(Kind::String)) return {.step = FailType(m, {Kind::String}, name)};
  return {.entity = m.input.entities.Find(object), .tag = m.input.interner.Find(name.as_string())};
}

auto FindTag(const TagOperands& operands) -> const Value* {
  const bool can_exist = operands.entity != nullptr && operands.tag.has_value();
  return can_exist ? FindField(operands.entity->tags, operands.tag) : nullptr;
}

}  // namespace

auto RunGetAttr(Machine& m, const ir::Instruction& i) -> Step {
  const Value& object = m.registers[i.a];
  if (object.is(Kind::Entity)) return GetEntityAttr(m, i, object);
  if (!object.is(Kind::Record)) return FailType(m, {Kind::Record, Kind::Entity}, object);
  const Value* value = FindField(object.as_record(), {i.imm});
  return value == nullptr ? FailMissingField(m, object.as_record(), {i.imm}) : m.Set(i, *value);
}

auto RunHasAttr(Machine& m, const ir::Instruction& i) -> Step {
  const Value& object = m.registers[i.a];
  if (object.is(Kind::Record)) return m.Set(i, FindField(object.as_record(), {i.imm}) != nullptr);
  if (!object.is(Kind::Entity)) return FailType(m, {Kind::Record, Kind::Entity}, object);
  const Entity* entity = m.input.entities.Find(object);
  return m.Set(i, entity != nullptr && FindField(entity->attrs, {i.imm}) != nullptr);
}

auto RunGetTag(Machine& m, const ir::Instruction& i) -> Step {
  const auto operands = ReadTagOperands(m, i);
  if (operands.step == Step::Failed) return operands.step;
  if (operands.entity == nullptr) return FailMissingEntity(m, m.registers[i.a].as_entity());
  const Value* value = FindTag(operands);
  return value == nullptr ? FailMissingTag(m, *operands.entity, m.registers[i.b].as_string()) : m.Set(i, *value);
}

auto RunHasTag(Machine& m, const ir::Instruction& i) -> Step {
  const auto operands = ReadTagOperands(m, i);
  return operands.step == Step::Failed ? operands.step : m.Set(i, FindTag(operands) != nullptr);
}

}  // namespace remit::eval
