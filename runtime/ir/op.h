// What a row of ops.def says, as data.
//
// Everything that handles operations of all kinds (text form, verifier, dumps) walks `operands`; nothing but the engines
// knows single operations. The alternative, a print and a parse case per operation, lists the vocabulary four times.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace remit::ir {

enum class Op : uint8_t {
#define OP(id, mnemonic, operands, traits, doc) id,
#include "runtime/ir/ops.def"
#undef OP
};

// See the legend of ops.def.
enum Trait : uint8_t { Pure = 0, Fails = 1, Branches = 2, Leaves = 4, Ends = 8, Loops = 16, Closes = 32 };

struct OpInfo {
  std::string_view mnemonic;
  std::string_view operands;
  uint8_t traits;
  std::string_view doc;

  auto has(Trait trait) const -> bool { return (traits & trait) != 0; }
  auto uses(char operand) const -> bool { return operands.find(operand) != std::string_view::npos; }
};

auto GetOp(Op op) -> const OpInfo&;
// The row's mnemonic, `get_attr`.
auto OpName(Op op) -> std::string_view;
auto FindOp(std::string_view mnemonic) -> std::optional<Op>;
auto OpCount() -> size_t;

}  // namespace remit::ir
