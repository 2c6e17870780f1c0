// One pass over the code, for jumps go forward: which registers may hold a value there, whatever way led to it.
#include "runtime/ir/asked_entities.h"

#include <algorithm>

namespace remit::ir {
namespace {

using RegisterSet = uint64_t;
constexpr uint32_t kMostRegisters = 64;

auto BitOf(Register number) -> RegisterSet { return RegisterSet{1} << number; }

auto IsOfRequest(Op op) -> bool { return op == Op::Principal || op == Op::Action || op == Op::Resource; }

// Bodies that are asked about for loops go over some of their code again, and next to none of them asks only of the request's three.
auto IsFollowed(const Body& body) -> bool {
  return body.registers <= kMostRegisters && std::ranges::none_of(body.code, [](const Instruction& i) { return GetOp(i.op).has(Loops); });
}

}  // namespace

auto AsksOfValues(const Body& body) -> bool {
  if (std::ranges::none_of(body.code, [](const Instruction& i) { return i.op == Op::In; })) return false;
  if (!IsFollowed(body)) return true;
  std::vector<RegisterSet> at_target(body.code.size());
  RegisterSet values = 0;  // of no register while nothing leads here
  for (size_t at = 0; at < body.code.size(); ++at) {
    const Instruction& i = body.code[at];
    const OpInfo& op = GetOp(i.op);
    values |= at_target[at];
    if (i.op == Op::In && (values & BitOf(i.a)) != 0) return true;
    if (op.has(Branches)) at_target[i.imm] |= values;
    if (op.uses('d')) {
      const bool is_value = i.op == Op::Move ? (values & BitOf(i.a)) != 0 : !IsOfRequest(i.op);
      values = is_value ? values | BitOf(i.dst) : values & ~BitOf(i.dst);
    }
    if (op.has(Leaves)) values = 0;
  }
  return false;
}

}  // namespace remit::ir
