// Handlers: the hierarchy and entity types.
#include <algorithm>

#include "runtime/eval/errors.h"

namespace remit::eval {
namespace {

auto IsInAny(Machine& m, const ir::Instruction& i, const Value& entity, SetView ancestors) -> Step {
  // Every element has to be an entity, even behind the one that matches.
  const auto stranger = std::ranges::find_if(ancestors, [](const Value& value) { return !value.is(Kind::Entity); });
  if (stranger != ancestors.end()) return FailType(m, {Kind::Entity}, *stranger);
  return m.Set(i, std::ranges::any_of(ancestors, [&](const Value& value) { return m.input.entities.IsIn(entity, value.as_entity()); }));
}

auto HelpForIn(const Value& right) -> std::string {
  if (right.is(Kind::Set)) return "`in` asks about the entity hierarchy; `.contains()` asks whether a set has an element";
  if (right.is(Kind::Record)) return "`in` asks about the entity hierarchy; `has` asks whether a record has an attribute";
  return {};
}

}  // namespace

auto RunIn(Machine& m, const ir::Instruction& i) -> Step {
  const Value& left = m.registers[i.a];
  const Value& right = m.registers[i.b];
  if (!left.is(Kind::Entity)) return FailType(m, {Kind::Entity}, left, HelpForIn(right));
  if (right.is(Kind::Entity)) return m.Set(i, m.input.entities.IsIn(left, right.as_entity()));
  if (right.is(Kind::Set)) return IsInAny(m, i, left, right.as_set());
  return FailType(m, {Kind::Set, Kind::Entity}, right);
}

auto RunIs(Machine& m, const ir::Instruction& i) -> Step {
  const Value& object = m.registers[i.a];
  if (!object.is(Kind::Entity)) return FailType(m, {Kind::Entity}, object);
  return m.Set(i, object.as_entity().type == SymbolId{i.imm});
}

}  // namespace remit::eval
