// The decision program: what a policy set comes to, as data that both engines run.
//
// A program has *bodies* (straight code over virtual registers with forward jumps, so it always ends) and *rows* (one policy
// each: id, effect, scope, body). Scopes are data, not code, so that an index can dispatch on them; the links of a template are rows that
// share its body. Each body ends Satisfied, NotSatisfied or Failed; errors are results, not exits.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/arena.h"
#include "runtime/base/error.h"
#include "runtime/base/interner.h"
#include "runtime/value/value.h"
#include "stdlib/builtin.h"

namespace remit::ir {

enum class Op : uint8_t {
#define OP(id, mnemonic, operands, traits, doc) id,
#include "runtime/ir/ops.def"
#undef OP
};

// `operands` of a row in ops.def says which of these fields the operation uses; the others are zero.
struct Instruction {
  Op op;
  uint16_t dst = 0;             // register
  uint16_t a = 0, b = 0;        // registers
  uint32_t imm = 0;             // constant, symbol, jump target, builtin, ...
  uint16_t count = 0;           // registers a, a+1, ... of operations that take many
};

// Place in the source, for messages. No file: none.
struct SourcePlace {
  uint32_t file = UINT32_MAX;
  uint32_t begin = 0;
  uint32_t end = 0;
};

struct Body {
  std::vector<Instruction> code;
  std::vector<SourcePlace> places;  // parallel to `code`, or empty
  uint16_t registers = 0;
};

enum class Effect : uint8_t { Permit, Forbid };
enum class ScopeOp : uint8_t { Any, Eq, In, Is, IsIn };

// Principal and resource: at most one entity. Action: `In` any number of entities.
struct ScopeTest {
  ScopeOp op = ScopeOp::Any;
  SymbolId type;
  std::vector<EntityUid> entities;
};

struct Policy {
  SymbolId id;
  Effect effect;
  ScopeTest principal;
  ScopeTest action;
  ScopeTest resource;
  uint32_t body = 0;
  SymbolId template_id;  // none: not a link
};

struct Program {
  Arena arena;                    // of the constants
  std::vector<Value> constants;
  std::vector<std::vector<std::optional<SymbolId>>> patterns;  // of `like`: none is a wildcard
  std::vector<Body> bodies;
  std::vector<Policy> policies;
};

// The program as text, and back. `Parse(Print(p))` prints the same. Symbols are written as their texts.
auto Print(const Program& program, const Interner& interner) -> std::string;
auto Parse(std::string_view text, Interner& interner) -> Expected<Program>;

// Every invariant an engine relies on: registers assigned before use on every path, targets forward and in range, indexes in range,
// every path ends. Programs from outside are verified before they run.
auto Verify(const Program& program) -> Expected<void>;

// The row's mnemonic, `get_attr`.
auto OpName(Op op) -> std::string_view;

}  // namespace remit::ir
