// The decision program: what a policy set comes to, as data that both engines run.
//
// A program has *bodies* (straight code over virtual registers with forward jumps, so it always ends) and *rows* (one policy or other
// statement each: id, effect, scope, body; what else Remit's statements say is in statements.h). Scopes are data, not code, so that an index can dispatch on them; the links of a template are rows that
// share its body. Each body ends Satisfied, NotSatisfied or Failed; errors are results, not exits. A tree-walking interpreter would need
// no program, but then each engine would have to know the syntax tree, and a compiled policy could not be stored or verified.
//
// A program compiled with a schema also has *environments*, the kinds of request there are: for each the policies that its types leave, some of
// them with a body of their own in which what the types decide is folded away (docs/decisions/0009).
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/base/error.h"
#include "runtime/base/interner.h"
#include "runtime/base/shared_table.h"
#include "runtime/ir/entity_list.h"
#include "runtime/ir/op.h"
#include "runtime/ir/statements.h"
#include "runtime/value/value.h"
#include "stdlib/builtin.h"
#include "stdlib/regex.h"

namespace remit::ir {

using Register = uint16_t;

// Registers of one body at most.
constexpr uint32_t kMaxRegisters = 65535;

// `operands` of a row in ops.def says which of these fields the operation uses; the others are zero.
struct Instruction {
  Op op;
  Register dst = 0;
  Register a = 0, b = 0;
  uint32_t imm = 0;  // constant, symbol, jump target, builtin, ...
  uint32_t count = 0;  // registers a, a+1, ... of operations that take many

  friend auto operator==(const Instruction&, const Instruction&) -> bool = default;
};

// Place in the source, for messages. No file: none.
struct SourcePlace {
  uint32_t file = UINT32_MAX;
  uint32_t begin = 0;
  uint32_t end = 0;

  auto has_file() const -> bool { return file != UINT32_MAX; }
};

struct Body {
  std::vector<Instruction> code;
  std::vector<SourcePlace> places;  // parallel to `code`, or empty
  Register registers = 0;
};

// The last two say what a request spends and depends on; they are decided before the others, which may read their state.
enum class Effect : uint8_t { Permit, Forbid, Escalate, Restrict, Budget, Breaker };
// `permit`, as in policies.
auto EffectName(Effect effect) -> std::string_view;
constexpr auto IsStateful(Effect effect) -> bool { return effect >= Effect::Budget; }
enum class ScopeOp : uint8_t { Any, Eq, In, Is, IsIn };

// Principal and resource: at most one entity. Action: `In` any number of entities.
struct ScopeTest {
  ScopeOp op = ScopeOp::Any;
  SymbolId type;
  EntityList entities;
};

struct Policy {
  SymbolId id;
  Effect effect;
  ScopeTest principal = {};
  ScopeTest action = {};
  ScopeTest resource = {};
  uint32_t body = 0;
  SymbolId template_id = {};  // none: not a link
};
static_assert(sizeof(Policy) == 64, "what a link costs at least");

// A policy where it is decided by `body`: its row's, or one that is specialised.
struct Variant {
  uint32_t policy = 0;  // position in Program::policies
  uint32_t body = 0;

  friend auto operator==(const Variant&, const Variant&) -> bool = default;
};

// Variants that are in the same environments, ascending by policy. Most policies are in some group of many and say there once for all of their
// environments what they are, so that memory does not grow with policies times environments.
using VariantGroup = std::vector<Variant>;

// A kind of request. A policy that is in none of its groups can be neither satisfied nor fail there, as long as request and entities conform to
// the schema (with the schema's action entities among them). Variants decide what their rows would, errors included; scopes are tested as ever.
struct Environment {
  SymbolId principal_type;
  EntityUid action;
  SymbolId resource_type;
  std::vector<uint32_t> groups = {};  // positions in Program::groups, ascending; a policy is in one of them at most
};

// Of `like`: none is a wildcard, text stands for itself.
using Pattern = std::vector<std::optional<SymbolId>>;

// Of `matches`. Compiled where the program is made, shared by its copies.
struct RegexConstant {
  SymbolId text;
  std::shared_ptr<const Regex> compiled;
};

struct Program {
  Arena arena;  // of the constants
  std::vector<Value> constants;
  std::vector<Pattern> patterns;
  std::vector<RegexConstant> regexes;
  std::vector<std::vector<SymbolId>> record_keys;  // of `record`: in the order of its registers
  SharedTable<Body> bodies;  // an amended program shares those that stay, which are most of its memory
  std::vector<Policy> policies;
  std::vector<VariantGroup> groups;
  std::vector<Environment> environments;  // each kind of request once; empty without a schema
  // Clauses, ascending by row: each row of the effect has one, and rows with `oblige` have an obligation.
  std::vector<Obligation> obligations;
  std::vector<Escalation> escalations;
  std::vector<Restriction> restrictions;
  std::vector<Budget> budgets;
  std::vector<Breaker> breakers;

  // Whether there is more than Cedar has: else nothing of what follows a decision has to be looked at.
  auto has_statements() const -> bool {
    return !obligations.empty() || !escalations.empty() || !restrictions.empty() || !budgets.empty() || !breakers.empty();
  }
};

// The clauses of a row; null if it has none in this table.
template <typename Clauses>
auto FindClauses(const std::vector<Clauses>& table, uint32_t policy) -> const Clauses* {
  const auto it = std::ranges::lower_bound(table, policy, {}, &Clauses::policy);
  return it == table.end() || it->policy != policy ? nullptr : &*it;
}

// The program as text, and back: docs/ir.md. `Parse(Print(p))` prints the same. Symbols are written as their texts, constants where they
// are used; Print drops table entries that nothing uses.
auto Print(const Program& program, const Interner& interner) -> std::string;
// Errors: "ir-syntax" with the line. What it returns is well-formed but not verified.
auto Parse(std::string_view text, Interner& interner) -> Expected<Program>;

// Every invariant an engine relies on: registers assigned before use on every path, targets forward and in range, loops nested, indexes
// in range, every path ends. Programs from outside are verified before they run. Error: "ir-invalid".
auto Verify(const Program& program) -> Expected<void>;

}  // namespace remit::ir
