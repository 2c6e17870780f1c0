// Handlers: 64-bit arithmetic, where overflow is an error, and comparison.
#include <fmt/format.h>

#include <compare>

#include "runtime/eval/errors.h"
#include "stdlib/semver.h"

namespace remit::eval {
namespace {

auto FailOverflow(Machine& m, std::string_view verb, int64_t a, int64_t b) -> Step {
  if (m.is_quiet) return Step::Failed;
  return Fail(m, "integer-overflow", fmt::format("integer overflow while attempting to {} the values `{}` and `{}`", verb, a, b));
}

// `operation(a, b, &result)` is true on overflow, like __builtin_add_overflow.
template <typename Operation>
auto Arithmetic(Machine& m, const ir::Instruction& i, std::string_view verb, Operation operation) -> Step {
  const Value& a = m.registers[i.a];
  const Value& b = m.registers[i.b];
  if (!a.is(Kind::Long)) return FailType(m, {Kind::Long}, a);
  if (!b.is(Kind::Long)) return FailType(m, {Kind::Long}, b);
  int64_t result = 0;
  if (operation(a.as_long(), b.as_long(), &result)) return FailOverflow(m, verb, a.as_long(), b.as_long());
  return m.Set(i, Value::OfLong(result));
}

auto IsOrdered(const Value& value) -> bool {
  return value.is(Kind::Long) || value.is(Kind::Datetime) || value.is(Kind::Duration) || value.is(Kind::Semver);
}

// Of two values of one ordered kind.
auto OrderOf(const Value& a, const Value& b) -> std::strong_ordering {
  if (a.is(Kind::Semver)) return Precedence(a.as_semver(), b.as_semver());
  if (a.is(Kind::Datetime)) return a.as_datetime().millis <=> b.as_datetime().millis;
  if (a.is(Kind::Duration)) return a.as_duration().millis <=> b.as_duration().millis;
  return a.as_long() <=> b.as_long();
}

// Which operand is to blame follows Cedar: a long asks for a long, on either side; then the left operand decides.
auto FailComparison(Machine& m, const Value& a, const Value& b) -> Step {
  if (m.is_quiet) return Step::Failed;
  if (a.is(Kind::Long)) return FailType(m, {Kind::Long}, b);
  if (b.is(Kind::Long)) return FailType(m, {Kind::Long}, a);
  if (IsOrdered(a)) return FailType(m, {a.kind()}, b);
  if (IsOrdered(b)) return FailType(m, {b.kind()}, a);
  std::string help;
  if (a.is(Kind::Decimal))
    help = "decimals are compared with `.lessThan()`, `.lessThanOrEqual()`, `.greaterThan()` and `.greaterThanOrEqual()`";
  return FailType(m, {Kind::Long, Kind::Datetime, Kind::Duration}, a, std::move(help));
}

template <typename Test>
auto Order(Machine& m, const ir::Instruction& i, Test test) -> Step {
  const Value& a = m.registers[i.a];
  const Value& b = m.registers[i.b];
  if (!IsOrdered(a) || a.kind() != b.kind()) return FailComparison(m, a, b);
  return m.Set(i, test(OrderOf(a, b)));
}

}  // namespace

auto RunNeg(Machine& m, const ir::Instruction& i) -> Step {
  const Value& a = m.registers[i.a];
  if (!a.is(Kind::Long)) return FailType(m, {Kind::Long}, a);
  int64_t result = 0;
  if (!__builtin_sub_overflow(int64_t{0}, a.as_long(), &result)) return m.Set(i, Value::OfLong(result));
  if (m.is_quiet) return Step::Failed;
  return Fail(m, "integer-overflow", fmt::format("integer overflow while attempting to negate the value `{}`", a.as_long()));
}

auto RunAdd(Machine& m, const ir::Instruction& i) -> Step {
  return Arithmetic(m, i, "add", [](int64_t a, int64_t b, int64_t* sum) { return __builtin_add_overflow(a, b, sum); });
}
auto RunSub(Machine& m, const ir::Instruction& i) -> Step {
  return Arithmetic(m, i, "subtract", [](int64_t a, int64_t b, int64_t* difference) { return __builtin_sub_overflow(a, b, difference); });
}
auto RunMul(Machine& m, const ir::Instruction& i) -> Step {
  return Arithmetic(m, i, "multiply", [](int64_t a, int64_t b, int64_t* product) { return __builtin_mul_overflow(a, b, product); });
}

auto RunEq(Machine& m, const ir::Instruction& i) -> Step { return m.Set(i, m.registers[i.a] == m.registers[i.b]); }
auto RunNotEq(Machine& m, const ir::Instruction& i) -> Step { return m.Set(i, !(m.registers[i.a] == m.registers[i.b])); }

auto RunLess(Machine& m, const ir::Instruction& i) -> Step {
  return Order(m, i, [](std::strong_ordering order) { return order < 0; });
}
auto RunLessEq(Machine& m, const ir::Instruction& i) -> Step {
  return Order(m, i, [](std::strong_ordering order) { return order <= 0; });
}
auto RunGreater(Machine& m, const ir::Instruction& i) -> Step {
  return Order(m, i, [](std::strong_ordering order) { return order > 0; });
}
auto RunGreaterEq(Machine& m, const ir::Instruction& i) -> Step {
  return Order(m, i, [](std::strong_ordering order) { return order >= 0; });
}

}  // namespace remit::eval
