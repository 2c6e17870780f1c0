// Checks tables, then each body operation by operation, then its flow, then the rows, then their clauses, then the environments. The rows of ops.def say what an
// operation's fields are, so a new operation is verified without a line here.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "runtime/ir/flow.h"
#include "runtime/ir/program.h"
#include "runtime/ir/verify_alike.h"
#include "runtime/ir/verify_environments.h"
#include "runtime/ir/verify_statements.h"

namespace remit::ir {
namespace {

using Problem = std::optional<std::string>;

// Sets sorted and unique, records sorted by key, all the way down.
auto IsCanonical(const Value& value) -> bool {
  const auto precedes = [](const Value& a, const Value& b) { return Compare(a, b) < 0; };
  if (value.is(Kind::Set)) {
    const auto set = value.as_set();
    const auto disorder = std::ranges::adjacent_find(set, [&](const Value& a, const Value& b) { return !precedes(a, b); });
    return disorder == set.end() && std::ranges::all_of(set, IsCanonical);
  }
  if (value.is(Kind::Record)) {
    const auto record = value.as_record();
    const auto disorder = std::ranges::adjacent_find(record, std::ranges::greater_equal{}, &Field::key);
    return disorder == record.end() && std::ranges::all_of(record, IsCanonical, &Field::value);
  }
  return true;
}

auto CheckTables(const Program& program) -> Problem {
  if (!std::ranges::all_of(program.constants, IsCanonical)) return "a constant has unsorted or repeated elements";
  for (const auto& pattern : program.patterns) {
    if (std::ranges::any_of(pattern, [](const auto& element) { return element && !element->has_value(); })) return "a pattern has no text";
    const auto in_a_row = std::ranges::adjacent_find(pattern, [](const auto& a, const auto& b) { return a && b; });
    if (in_a_row != pattern.end()) return "a pattern has two texts in a row";
  }
  const auto is_complete = [](const RegexConstant& regex) { return regex.text.has_value() && regex.compiled != nullptr; };
  if (!std::ranges::all_of(program.regexes, is_complete)) return "a regular expression has no text or was not compiled";
  for (const auto& keys : program.record_keys) {
    const std::unordered_set<SymbolId> distinct(keys.begin(), keys.end());
    if (distinct.size() != keys.size() || distinct.contains(SymbolId{})) return "a record has a key twice or none";
  }
  return std::nullopt;
}

constexpr std::string_view kOtherPlaces = "places are not parallel to the code";

auto ArePlacesParallel(const Body& body) -> bool { return body.places.empty() || body.places.size() == body.code.size(); }

class BodyChecker {
 public:
  BodyChecker(const Program& program, const Body& body) : program_(program), body_(body) {}

  auto Check() -> Problem {
    if (!ArePlacesParallel(body_)) return std::string(kOtherPlaces);
    for (uint32_t at = 0; at < body_.code.size(); ++at) {
      for (const char operand : GetOp(body_.code[at].op).operands) {
        if (auto problem = CheckOperand(operand, at, body_.code[at])) return fmt::format("operation {}: {}", at, *problem);
      }
      if (auto problem = CheckCounts(body_.code[at])) return fmt::format("operation {}: {}", at, *problem);
    }
    if (returns_ && concludes_) return "a body either returns a value or concludes a policy";
    return Flow(body_).Check();
  }

  auto returns() const -> bool { return returns_; }

 private:
  auto CheckOperand(char operand, uint32_t at, const Instruction& instruction) const -> Problem {
    const auto check = [](bool in_range, std::string_view what) -> Problem {
      if (in_range) return std::nullopt;
      return fmt::format("{} out of range", what);
    };
    switch (operand) {
      case 'd': return check(instruction.dst < body_.registers, "register");
      case 'a': return check(instruction.a < body_.registers, "register");
      case 'b':
      case 'w': return check(instruction.b < body_.registers, "register");
      case 'r': return check(uint64_t{instruction.a} + instruction.count <= body_.registers, "registers");
      case 'k': return check(instruction.imm < program_.constants.size(), "constant");
      case 's': return check(SymbolId{instruction.imm}.has_value(), "symbol");
      case 'p': return check(instruction.imm < program_.patterns.size(), "pattern");
      case 'x': return check(instruction.imm < program_.regexes.size(), "regular expression");
      case 'q': return check(instruction.imm < program_.record_keys.size(), "record keys");
      case 'f': return check(instruction.imm < AllBuiltins().size(), "builtin");
      case 't': return check(instruction.imm < program_.budgets.size(), "budget");
      case 'u': return check(instruction.imm < program_.breakers.size(), "breaker");
      case 'y': return check(instruction.count < kBudgetFields, "what of a budget is read");
      case 'j': return check(instruction.imm > at && instruction.imm < body_.code.size(), "jump target (which is forward and in the body)");
    }
    return std::nullopt;
  }

  // What belongs to one operation alone.
  auto CheckCounts(const Instruction& instruction) -> Problem {
    if (instruction.op == Op::Return) returns_ = true;
    if (instruction.op == Op::Satisfied || instruction.op == Op::NotSatisfied) concludes_ = true;
    if (instruction.op == Op::Record && instruction.count != program_.record_keys[instruction.imm].size()) {
      return "a record has as many keys as values";
    }
    const bool calls = instruction.op == Op::Call || instruction.op == Op::BadArity;
    const bool fits = calls && GetBuiltin(static_cast<BuiltinId>(instruction.imm)).signature.arity == instruction.count;
    if (calls && fits != (instruction.op == Op::Call)) return "the number of arguments does not suit the operation";
    if (instruction.op == Op::Call && GetBuiltin(static_cast<BuiltinId>(instruction.imm)).is_operation) {
      return "a builtin is called that has an operation of its own";
    }
    return std::nullopt;
  }

  const Program& program_;
  const Body& body_;
  bool returns_ = false;
  bool concludes_ = false;
};

auto CheckScope(const ScopeTest& test, bool is_action) -> Problem {
  const bool has_type = test.op == ScopeOp::Is || test.op == ScopeOp::IsIn;
  if (has_type != test.type.has_value()) return "a scope has a type with `is` and only then";
  const bool has_entities = test.op == ScopeOp::Eq || test.op == ScopeOp::In || test.op == ScopeOp::IsIn;
  const bool any_number = is_action && test.op == ScopeOp::In;
  if (!any_number && test.entities.size() != (has_entities ? 1 : 0)) return "a scope has the wrong number of entities";
  return std::nullopt;
}

auto CheckPolicy(const Policy& policy, const std::vector<bool>& returns) -> Problem {
  if (!policy.id.has_value()) return "a policy has no id";
  if (policy.body >= returns.size()) return "body out of range";
  if (returns[policy.body]) return "the body of a policy returns a value";
  for (const auto* test : {&policy.principal, &policy.action, &policy.resource}) {
    if (auto problem = CheckScope(*test, test == &policy.action)) return problem;
  }
  return std::nullopt;
}

auto Invalid(std::string message) -> std::unexpected<Error> {
  return std::unexpected(Error{.code = "ir-invalid", .message = std::move(message), .pointer = {}, .help = {}});
}

}  // namespace

auto Verify(const Program& program) -> Expected<void> { return VerifyAlike(program, {}); }

auto VerifyAlike(const Program& program, std::span<const uint32_t> first_alike) -> Expected<void> {
  if (auto problem = CheckTables(program)) return Invalid(*problem);
  std::vector<bool> returns;
  returns.reserve(program.bodies.size());
  for (size_t i = 0; i < program.bodies.size(); ++i) {
    if (!first_alike.empty() && first_alike[i] != i) {
      if (!ArePlacesParallel(program.bodies[i])) return Invalid(fmt::format("body {}: {}", i, kOtherPlaces));
      returns.push_back(returns[first_alike[i]]);
      continue;
    }
    BodyChecker checker(program, program.bodies[i]);
    if (auto problem = checker.Check()) return Invalid(fmt::format("body {}: {}", i, *problem));
    returns.push_back(checker.returns());
  }
  for (size_t i = 0; i < program.policies.size(); ++i) {
    if (auto problem = CheckPolicy(program.policies[i], returns)) return Invalid(fmt::format("policy {}: {}", i, *problem));
  }
  if (auto problem = CheckStatements(program, returns)) return Invalid(*problem);
  if (auto problem = CheckEnvironments(program, returns)) return Invalid(*problem);
  return {};
}

}  // namespace remit::ir
