// Handlers: sets and records. Sets are sorted, so membership is a search and the rest are merges.
#include <algorithm>
#include <iterator>

#include "runtime/eval/errors.h"
#include "stdlib/string.h"

namespace remit::eval {
namespace {

auto Precedes(const Value& a, const Value& b) -> bool { return Compare(a, b) < 0; }

// Sets the result to `operation(a, b)` of two sets.
template <typename Operation>
auto OnSets(Machine& m, const ir::Instruction& i, Operation operation) -> Step {
  const Value& a = m.registers[i.a];
  const Value& b = m.registers[i.b];
  if (!a.is(Kind::Set)) return FailType(m, {Kind::Set}, a);
  if (!b.is(Kind::Set)) return FailType(m, {Kind::Set}, b);
  return m.Set(i, operation(a.as_set(), b.as_set()));
}

// Goes through the smaller set and searches the larger one.
auto Intersect(SetView a, SetView b) -> bool {
  if (a.size() > b.size()) std::swap(a, b);
  return std::ranges::any_of(a, [&](const Value& element) { return SetContains(b, element); });
}

}  // namespace

auto RunSet(Machine& m, const ir::Instruction& i) -> Step {
  return m.Set(i, MakeSet(m.input.arena, std::span<const Value>(m.registers.subspan(i.a, i.count))));
}

auto RunUnion(Machine& m, const ir::Instruction& i) -> Step {
  return OnSets(m, i, [&](SetView a, SetView b) {
    const auto merged = m.input.arena.NewArray<Value>(a.size() + b.size());
    const auto end = std::set_union(a.begin(), a.end(), b.begin(), b.end(), merged.begin(), Precedes);
    return Value::OfSortedSet(merged.first(static_cast<size_t>(end - merged.begin())));
  });
}

auto RunRecord(Machine& m, const ir::Instruction& i) -> Step {
  const auto& keys = m.program.record_keys[i.imm];
  const auto fields = m.input.arena.NewArray<Field>(keys.size());
  for (size_t k = 0; k < keys.size(); ++k) fields[k] = {.key = keys[k], .value = m.registers[i.a + k]};
  return m.Set(i, MakeRecord(m.input.arena, fields));
}

auto RunMerge(Machine& m, const ir::Instruction& i) -> Step {
  const Value& a = m.registers[i.a];
  const Value& b = m.registers[i.b];
  if (!a.is(Kind::Record)) return FailType(m, {Kind::Record}, a);
  if (!b.is(Kind::Record)) return FailType(m, {Kind::Record}, b);
  const auto left = a.as_record();
  const auto right = b.as_record();
  const auto merged = m.input.arena.NewArray<Field>(left.size() + right.size());
  const auto by_key = [](const Field& x, const Field& y) { return x.key < y.key; };
  const auto end = std::set_union(left.begin(), left.end(), right.begin(), right.end(), merged.begin(), by_key);
  return m.Set(i, Value::OfSortedRecord(merged.first(static_cast<size_t>(end - merged.begin()))));
}

auto RunSize(Machine& m, const ir::Instruction& i) -> Step {
  const Value& counted = m.registers[i.a];
  if (counted.is(Kind::Set)) return m.Set(i, Value::OfLong(counted.length()));
  if (counted.is(Kind::String)) return m.Set(i, Value::OfLong(CountCodePoints(counted.as_string())));
  return FailType(m, {Kind::Set, Kind::String}, counted);
}

auto RunIsEmpty(Machine& m, const ir::Instruction& i) -> Step {
  const Value& set = m.registers[i.a];
  return set.is(Kind::Set) ? m.Set(i, set.as_set().empty()) : FailType(m, {Kind::Set}, set);
}

auto RunContains(Machine& m, const ir::Instruction& i) -> Step {
  const Value& set = m.registers[i.a];
  return set.is(Kind::Set) ? m.Set(i, SetContains(set.as_set(), m.registers[i.b])) : FailType(m, {Kind::Set}, set);
}

auto RunContainsAll(Machine& m, const ir::Instruction& i) -> Step {
  return OnSets(m, i,
                [](SetView a, SetView b) { return std::ranges::all_of(b, [&](const Value& element) { return SetContains(a, element); }); });
}

auto RunContainsAny(Machine& m, const ir::Instruction& i) -> Step { return OnSets(m, i, Intersect); }

}  // namespace remit::eval
